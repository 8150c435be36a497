"""The people of the demo campus. All of them are invented, and their addresses are in domains that exist for examples only."""

from dataclasses import dataclass
from enum import StrEnum


class Persona(StrEnum):
    """How somebody studies."""

    KEEN = "keen"
    STEADY = "steady"
    LATE = "late"
    STRUGGLING = "struggling"
    DROP_OUT = "drop_out"
    BINGE = "binge"


@dataclass(frozen=True, kw_only=True)
class DemoPerson:
    """Somebody on the demo campus. `persona` is None for those who teach or administer."""

    email: str
    name: str
    bio: str
    time_zone: str
    persona: Persona | None = None


SIGN_INS: dict[str, str] = {
    "student@example.org": "lyceum-student",
    "instructor@example.org": "lyceum-instructor",
    "admin@example.org": "lyceum-admin",
}
"""The three accounts of the demo that anybody may sign in to, with their documented passwords. Nobody else has one."""

ADMIN = DemoPerson(
    email="admin@example.org",
    name="Teodora Ilieva",
    bio="Keeps the campus running. Writes to you only when something needs doing.",
    time_zone="Europe/Sofia",
)

INSTRUCTORS: tuple[DemoPerson, ...] = (
    DemoPerson(
        email="instructor@example.org",
        name="Ines Okafor",
        bio="Taught statistics to nurses, geographers and one string quartet. Believes that every number deserves a drawing.",
        time_zone="Europe/Lisbon",
    ),
    DemoPerson(
        email="w.bekele@example.org",
        name="Wondimu Bekele",
        bio="Surveyor and map maker. Collects projections the way others collect stamps.",
        time_zone="Africa/Addis_Ababa",
    ),
)


def _student(email: str, name: str, time_zone: str, persona: Persona, bio: str = "") -> DemoPerson:
    return DemoPerson(email=email, name=name, bio=bio, time_zone=time_zone, persona=persona)


STUDENTS: tuple[DemoPerson, ...] = (
    _student("student@example.org", "Mira Solberg", "Europe/Oslo", Persona.LATE, "Works at a library desk and counts more than she should."),
    _student("l.wisniewski@example.org", "Łukasz Wiśniewski", "Europe/Warsaw", Persona.KEEN, "Cyclist. Here for the chapter on experiments."),
    _student("z.baptiste@example.net", "Zoë Baptiste-Désiré", "America/Martinique", Persona.STEADY),
    _student("e.papadopoulou@example.com", "Ελένη Παπαδοπούλου", "Europe/Athens", Persona.KEEN, "Διδάσκω βιολογία και μαθαίνω ξανά στατιστική."),
    _student("o.shevchuk@example.org", "Олександра Шевчук", "Europe/Kyiv", Persona.STEADY, "Вивчаю соціологію, люблю графіки."),
    _student("a.khatib@example.net", "أمينة الخطيب", "Africa/Cairo", Persona.KEEN, "طالبة طب، وأحب الأرقام التي تحكي قصة."),
    _student("ananya.s@example.org", "अनन्या श्रीवास्तव", "Asia/Kolkata", Persona.STEADY, "आँकड़ों में कहानियाँ ढूँढती हूँ।"),
    _student("siyuan.chen@example.com", "陈思远", "Asia/Shanghai", Persona.BINGE, "城市规划专业，喜欢地图。"),
    _student("huong.nguyen@example.org", "Nguyễn Thị Hương", "Asia/Ho_Chi_Minh", Persona.STEADY),
    _student("y.shapira@example.net", "יעל שפירא", "Asia/Jerusalem", Persona.LATE, "לומדת בערבים, אחרי שהילדים ישנים."),
    _student("thordis.ae@example.org", "Þórdís Ægisdóttir", "Atlantic/Reykjavik", Persona.STEADY, "Measures glaciers for a living."),
    _student("s.nibhriain@example.org", "Siobhán Ní Bhriain", "Europe/Dublin", Persona.STEADY),
    _student("t.dvorak@example.com", "Tomáš Dvořák", "Europe/Prague", Persona.STRUGGLING, "Returning to mathematics after twenty years."),
    _student("a.yildirim@example.org", "Ayşe Yıldırım", "Europe/Istanbul", Persona.KEEN),
    _student("k.oseimensah@example.net", "Kwabena Osei-Mensah", "Africa/Accra", Persona.STEADY, "Runs a small bus company. Line 12 feels familiar."),
    _student("l.quispe@example.org", "Lautaro Quispe Mamani", "America/La_Paz", Persona.STRUGGLING),
    _student("s.ionescu@example.com", "Ștefania Ionescu", "Europe/Bucharest", Persona.BINGE),
    _student("r.georgiev@example.org", "Радослав Георгиев", "Europe/Sofia", Persona.DROP_OUT),
    _student("h.kealoha@example.org", "Hāna Kealoha", "Pacific/Honolulu", Persona.STEADY),
    _student("c.dangelo@example.net", "Chiara D'Angelo", "Europe/Rome", Persona.LATE),
    _student("jm.nunez@example.org", "José María Núñez Peña", "America/Bogota", Persona.STRUGGLING, "Economista en formación."),
    _student("o.adebayo@example.com", "Olúwaṣeun Adébáyọ̀", "Africa/Lagos", Persona.STEADY),
    _student("meilin.tan@example.org", "Tan Mei-Lin", "Asia/Singapore", Persona.KEEN, "Quality engineer. Owns two control charts and a cat."),
    _student("haruka.t@example.net", "田中 遥", "Asia/Tokyo", Persona.BINGE),
    _student("l.kovacova@example.org", "Ľubica Kováčová", "Europe/Bratislava", Persona.DROP_OUT),
    _student("e.fontaine@example.com", "Émeline Fontaine-Lœuilleux", "Europe/Paris", Persona.STEADY),
    _student("j.zukauskas@example.org", "Jurgis Žukauskas", "Europe/Vilnius", Persona.DROP_OUT),
    _student("p.raghunathan@example.org", "Priya Raghunathan", "Asia/Colombo", Persona.STRUGGLING),
    _student("s.tawhiri@example.net", "Samuel Tāwhiri", "Pacific/Auckland", Persona.LATE),
    _student("g.kamau@example.org", "Grace Wanjirũ Kamau", "Africa/Nairobi", Persona.STEADY, "Field nurse, reads on the bus."),
)
