"""Names of HTML and MathML tags and attributes that content may use."""

from typing import Final


def names(listed: str) -> frozenset[str]:
    """The names in a list written with spaces."""
    return frozenset(listed.split())


MATHML_TAGS: Final = names(
    "math menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle "
    "msub msubsup msup mtable mtd mtext mtr munder munderover none semantics"
)
MATHML_ATTRIBUTES: Final = names(
    "accent accentunder alttext columnalign columnlines columnspacing columnspan depth display displaystyle fence form height largeop "
    "linethickness lspace mathsize mathvariant maxsize minsize movablelimits notation rowalign rowlines rowspacing rowspan rspace "
    "scriptlevel separator stretchy symmetric voffset width"
)
TAGS: Final = MATHML_TAGS | names(
    "a abbr address article aside audio b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em "
    "figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q rp rt ruby s samp section small "
    "source span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var video wbr"
)
ATTRIBUTES: Final[dict[str, set[str]]] = {
    "*": {"dir", "id", "lang", "title"},
    "a": {"href"},
    "audio": {"src", "controls"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "img": {"src", "alt", "width", "height"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "source": {"src", "type"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope", "abbr"},
    "time": {"datetime"},
    "video": {"src", "controls", "width", "height"},
    **{tag: set(MATHML_ATTRIBUTES) for tag in MATHML_TAGS},
}
DROPPED_WITH_CONTENT: Final = names("script style title template noscript noembed noframes iframe textarea select option annotation annotation-xml")
VOID: Final = names("br col hr img source wbr")
"""Those of TAGS that have no end tag."""
SELF_ENDING: Final = names(
    "p li td th tr dd dt thead tbody tfoot colgroup rp rt area base br col embed hr img input link meta source track wbr param html head body"
)
"""Tags that never nest by being left open."""
