"""Every way the business says no. `api/errors.py` turns these into answers."""

from collections.abc import Mapping, Sequence
from typing import ClassVar
from uuid import UUID


class Reason:
    """Why something is refused: a key of the catalogue of texts, and the facts that its text names.

    Facts are never personal data: texts are logged and shown.
    """

    __slots__ = ("facts", "key")

    def __init__(self, key: str, /, **facts: object) -> None:
        self.key = key
        self.facts = facts

    @classmethod
    def kept(cls, key: str, facts: Mapping[str, object]) -> "Reason":
        """Return a reason that was given before and stored."""
        return cls(key, **facts)


class DomainError(Exception):
    """A refusal: a stable code and an HTTP status for programs, a reason for people.

    The code is the reason too, unless another is given. `api/texts/errors.en.toml` has a sentence for each.
    """

    code: ClassVar[str]
    status: ClassVar[int]
    retry_after: int | None = None
    """Seconds after which it makes sense to try again."""

    def __init__(
        self,
        reason: str | None = None,
        /,
        *,
        fields: Mapping[str, Reason] | None = None,
        retry_after: int | None = None,
        **facts: object,
    ) -> None:
        self.reason = Reason(reason or self.code, **facts)
        super().__init__(self.reason.key)
        self.fields = dict(fields or {})
        if retry_after is not None:
            self.retry_after = retry_after


class NotFound(DomainError):
    """No such row for this organisation; the same answer whether it is foreign or never was."""

    code, status = "not-found", 404


class NotPermitted(DomainError):
    """The person's role does not hold the permission."""

    code, status = "not-permitted", 403


class OrganisationSuspended(DomainError):
    """The platform has suspended the organisation: its people, programs and links are told so."""

    code, status = "organisation-suspended", 403


class NotSignedIn(DomainError):
    """No live session stands behind the request."""

    code, status = "not-signed-in", 401


class SessionEnded(DomainError):
    """The session was signed out, ran out, or its refresh token was used twice."""

    code, status = "session-ended", 401


class InvalidCredentials(DomainError):
    """E-mail and password do not belong together; which of them is wrong is not told."""

    code, status = "invalid-credentials", 401


class SignsInElsewhere(DomainError):
    """Whoever has proved who they are signs in to another client than this one."""

    code, status = "signs-in-elsewhere", 403


class WrongPassword(DomainError):
    """What was typed to prove who one is, is not one's password."""

    code, status = "wrong-password", 403


class SignedInTooLongAgo(DomainError):
    """Something grave asks for a sign-in a moment ago."""

    code, status = "signed-in-too-long-ago", 403


class WrongCode(DomainError):
    """What was shown as a second factor is not one, or was used before; which of them is not told."""

    code, status = "wrong-code", 403


class SignInStepOver(DomainError):
    """The rest of a sign-in was left for too long, or was done before."""

    code, status = "sign-in-step-over", 401


class HasSecondFactor(DomainError):
    """Somebody has added a second factor before; a password alone adds no other."""

    code, status = "has-second-factor", 409


class SecondFactorRequired(DomainError):
    """The organisation asks everybody for a second factor, so the last one stays."""

    code, status = "second-factor-required", 409


class TooManyAttempts(DomainError):
    """Guessing a password is slowed down, by account and by address."""

    code, status = "too-many-attempts", 429


class TooManyEntryLinks(DomainError):
    """Links by e-mail are asked for more often than anybody needs, for one mailbox or from one address."""

    code, status = "too-many-entry-links", 429


class TooManySignUps(DomainError):
    """Organisations are begun more often than anybody needs, for one mailbox, from one address, or altogether."""

    code, status = "too-many-sign-ups", 429


class TooManyReports(DomainError):
    """One link brings more reports than one home has; a danger is taken all the same."""

    code, status = "too-many-reports", 429


class NoLetters(DomainError):
    """This needs a letter, and the installation has nothing that would send one."""

    code, status = "no-letters", 409


class Busy(DomainError):
    """The product has more of this kind of work waiting than it can do soon."""

    code, status = "busy", 503
    retry_after = 5


class IllegalTransition(DomainError):
    """The step is not in the lifecycle's table for the present state."""

    code, status = "illegal-transition", 409

    def __init__(self, *, what: str, state: str, allowed: Sequence[str]) -> None:
        super().__init__(what=what, state=state)
        self.allowed = list(allowed)


class LastAdministrator(DomainError):
    """Without this person, or with less in their role, nobody could let others in or change what they may do."""

    code, status = "last-administrator", 409


class InUse(DomainError):
    """Something else still stands on this."""

    code, status = "in-use", 409


class AlreadyHere(DomainError):
    """The organisation has this already, or will have it once somebody says yes."""

    code, status = "already-here", 409


class InvitedSomebodyElse(DomainError):
    """The invitation was sent to another address than that of whoever shows it."""

    code, status = "invited-somebody-else", 409


class TurnedOff(DomainError):
    """The organisation has decided not to use this; an administrator can turn it on under Settings."""

    code, status = "turned-off", 409


class SubmissionKeyReused(DomainError):
    """A report arrived under this key before, and said something else: it must not be taken for the other one."""

    code, status = "submission-key-reused", 409


class AlreadyDecided(DomainError):
    """Somebody has decided about this before, and once is enough."""

    code, status = "already-decided", 409


class MustBeOpened(DomainError):
    """This must not be decided among others: a person has to open it and look."""

    code, status = "must-be-opened", 409


class ChangedMeanwhile(DomainError):
    """Somebody else changed the row since the person read it; `current` shows it as it is now, where that helps."""

    code, status = "changed-meanwhile", 412
    current: object | None = None


class TooManyScreens(DomainError):
    """A person keeps more live screens open than anybody looks at."""

    code, status = "too-many-screens", 429
    retry_after = 60


class Invalid(DomainError):
    """Well-formed, but not something the business can take; `fields` says what and why."""

    code, status = "invalid", 422
    taken_by: UUID | None = None
    """The property that has already what may be there once only, for those who may see it."""


class LinkMissing(DomainError):
    """The request shows no link, and only a link lets people in here."""

    code, status = "link-missing", 401


class LinkUnknown(DomainError):
    """There is no such link, or it opens something else."""

    code, status = "link-unknown", 404


class LinkUsed(DomainError):
    """A link that works once has worked."""

    code, status = "link-used", 410


class LinkExpired(DomainError):
    """The link's time is over."""

    code, status = "link-expired", 410


class LinkRevoked(DomainError):
    """Somebody has replaced the link by another."""

    code, status = "link-revoked", 410


class TooManyPhotos(DomainError):
    """A report carries as many photos as it may."""

    code, status = "too-many-photos", 409


class PhotoLinkInvalid(DomainError):
    """The address of a photo was not made by us for this photo."""

    code, status = "photo-link-invalid", 403


class PhotoLinkExpired(DomainError):
    """The address of a photo has run out; whoever may see the photo is told a new one."""

    code, status = "photo-link-expired", 410


class UploadCutOff(DomainError):
    """A file stopped arriving before its end; nothing of it was kept."""

    code, status = "cut-off", 400
