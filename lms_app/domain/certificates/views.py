"""What pages, programs and the drawing of the file may see of certificates."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class CertificateSheet:
    """What is printed. `issued_on` is a day of the run's zone, `verification_url` is where the certificate can be checked; the last four are its
    `CertificateTemplate`."""

    person: str
    course: str
    institution: str
    signatory: str
    signatory_title: str
    issued_on: date
    code: str
    verification_url: str
    language: str
    heading: str
    certifies: str
    completed: str
    colour: str


@dataclass(frozen=True, kw_only=True)
class OwnCertificate:
    """A certificate in its owner's list. `download` and `address` are paths of ours; one that was `revoked` has no download."""

    id: str
    code: str
    course: str
    issued_on: str
    download: str
    address: str
    revoked: bool
    revoked_because: str = ""


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What the public page says of a code. With `found` false the rest is empty; `revoked_because` is a sentence."""

    found: bool
    valid: bool = False
    person: str = ""
    course: str = ""
    signatory: str = ""
    issued_on: str = ""
    code: str = ""
    revoked_because: str = ""
