"""What a harmless SVG may hold (`svg.py`): the names of its elements and attributes."""

from typing import Final


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


ELEMENTS: Final = _names(
    """
    svg g a defs symbol use switch title desc path rect circle ellipse line polyline polygon text tspan textPath image linearGradient
    radialGradient stop clipPath mask pattern marker style view filter feBlend feColorMatrix feComponentTransfer feComposite
    feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur
    feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence animate animateTransform
    animateMotion mpath set
    """
)

_PLACES: Final = _names(
    """
    id class style x y x1 y1 x2 y2 cx cy r rx ry fx fy fr dx dy d points width height viewBox preserveAspectRatio transform pathLength
    rotate textLength lengthAdjust startOffset method spacing side version
    """
)
"""Places and shapes."""
_SERVERS: Final = _names(
    """
    gradientUnits gradientTransform spreadMethod offset patternUnits patternContentUnits patternTransform clipPathUnits maskUnits
    maskContentUnits markerUnits markerWidth markerHeight refX refY orient
    """
)
"""Paint servers, clips, masks, markers."""
_FILTERS: Final = _names(
    """
    filterUnits primitiveUnits in in2 result mode type values tableValues slope intercept amplitude exponent operator k1 k2 k3 k4 order
    kernelMatrix divisor bias targetX targetY edgeMode preserveAlpha surfaceScale diffuseConstant specularConstant specularExponent
    limitingConeAngle azimuth elevation pointsAtX pointsAtY pointsAtZ z scale xChannelSelector yChannelSelector stdDeviation radius
    baseFrequency numOctaves seed stitchTiles
    """
)
"""Filters."""
_LOOKS: Final = _names(
    """
    alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation color-interpolation-filters color-rendering
    direction display dominant-baseline fill fill-opacity fill-rule filter flood-color flood-opacity font-family font-size font-size-adjust
    font-stretch font-style font-variant font-weight image-rendering isolation letter-spacing lighting-color marker-end marker-mid
    marker-start mask mask-type mix-blend-mode opacity overflow paint-order pointer-events shape-rendering stop-color stop-opacity stroke
    stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor
    text-decoration text-rendering transform-origin unicode-bidi vector-effect visibility word-spacing writing-mode
    """
)
"""Looks."""
_MOVEMENT: Final = _names(
    """
    attributeName attributeType begin dur end min max restart repeatCount repeatDur calcMode keyTimes keySplines keyPoints path from to by
    additive accumulate origin
    """
)
"""Movement."""
_ACCESS: Final = _names(
    """
    role lang tabindex focusable aria-labelledby aria-describedby aria-hidden
    """
)
"""For who does not see it."""

ATTRIBUTES: Final = _PLACES | _SERVERS | _FILTERS | _LOOKS | _MOVEMENT | _ACCESS
