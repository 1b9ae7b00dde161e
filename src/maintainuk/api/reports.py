"""Reporting a repair without an account, over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request, Response
from pydantic import AfterValidator, Field, model_validator

from maintainuk.api.envelope import ApiResponse, Input, View
from maintainuk.api.idempotency import keep_instead
from maintainuk.api.links import Visit, visiting
from maintainuk.api.organisations import address_of_notices
from maintainuk.api.routing import Router
from maintainuk.api.wording import mistake
from maintainuk.application.links import path_of
from maintainuk.application.reports import Contact, NewReport, ReportStory, SentReport, Stage
from maintainuk.bootstrap import Services
from maintainuk.domain.branding import logo_path
from maintainuk.domain.emergencies import Danger
from maintainuk.domain.errors import Reason, TooManyAttempts, TooManyReports
from maintainuk.domain.links import LinkPurpose
from maintainuk.domain.organisations import Nation
from maintainuk.domain.reports import LONGEST_NOTES, LONGEST_WORDS
from maintainuk.domain.timeline import TimelineKind
from maintainuk.domain.values import line, phone, prose
from maintainuk.infrastructure.repositories.reports import Landlord, ReportPlace

router = Router(prefix="/api/v1/reports", tags=["reports"])

AtHome = Annotated[Visit, visiting(LinkPurpose.HOME, LinkPurpose.VISIT)]
Following = Annotated[Visit, visiting(LinkPurpose.STATUS)]
Returning = Annotated[Visit, visiting(LinkPurpose.VISIT)]

Key = Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9_-]+$")]
Answer = Annotated[str, Field(max_length=500), AfterValidator(prose)]


def _said(text: str) -> str:
    if not (words := prose(text)):  # signs that nobody sees would answer a question
        raise mistake(Reason("comment-empty"))
    return words


def _dialable(text: str) -> str:
    try:
        return phone(text)
    except ValueError:
        raise mistake(Reason("phone-unreadable")) from None


class LandlordView(View):
    """Whom a report goes to, and how to reach a person there."""

    name: str
    phone: str | None
    emergency_phone: str | None
    notices: str
    colour: str | None = Field(description="Of its own, #rrggbb; white words can be read on it.")
    logo: str | None = Field(description="Where its logo is.")


class ReportHome(View):
    """The home a report is about. It names nobody who lives there."""

    line: str


class ReportEntry(View):
    """What the form needs to know before the first question; `home` is null for a visitor who lives nowhere of ours."""

    organisation: LandlordView
    nation: Nation
    home: ReportHome | None


class ContactInput(Input):
    """How to reach the reporter; what is missing cannot be used."""

    name: Annotated[str, Field(max_length=200), AfterValidator(line)] | None = None
    email: Annotated[str, Field(max_length=320, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$"), AfterValidator(line)] | None = (
        None
    )
    phone: Annotated[str, Field(max_length=40), AfterValidator(_dialable)] | None = None


class LeftContact(ContactInput):
    """How to reach somebody who has reported already."""

    @model_validator(mode="after")
    def _leads_somewhere(self) -> "LeftContact":
        if not (self.email or self.phone):
            raise mistake(Reason("contact-empty"))
        return self


class AccessInput(Input):
    """How to get in."""

    may_enter_without_me: bool | None = None
    notes: Annotated[str, Field(max_length=LONGEST_NOTES), AfterValidator(prose)] | None = None
    times: Annotated[list[Key], Field(max_length=14)] = Field(default_factory=list)


class NewReportInput(Input):
    """One report. With a danger, nothing else is needed."""

    submission_key: UUID = Field(description="Made once by the phone: sent again, it is the same report.")
    danger: Danger | None = None
    room: Key | None = None
    fault: Key | None = None
    answers: Annotated[dict[Key, Answer], Field(max_length=20)] = Field(default_factory=dict)
    description: Annotated[str, Field(max_length=LONGEST_WORDS), AfterValidator(prose)] = ""
    access: AccessInput = Field(default_factory=AccessInput)
    contact: ContactInput | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]{2,4})?$")] = "en"


class SentReportView(View):
    """A report that has arrived. The token opens its status page: whoever has it can follow and change the report."""

    reference: str
    status: Stage
    status_token: str | None = Field(description="Null in a replay: secrets are never stored.")
    status_link: str | None
    sounds_like: Danger | None = Field(description="The danger that its words tell of, for the tenant to confirm.")
    is_somebody_on_call: bool = Field(description="Whether a danger reaches anybody who isn't at the staff app.")


class SaidView(View):
    """Words between the tenant and the organisation."""

    at: datetime
    who: Literal["you", "us"]
    text: str


class QuestionAsked(View):
    """What the organisation needs to know."""

    text: str
    asked_at: datetime


class ReportStatus(View):
    """What has become of a report."""

    reference: str
    title: str
    description: str | None = Field(description="What the tenant sent, in words; null for what staff wrote down.")
    reported_at: datetime
    stage: Stage
    due_at: datetime | None = Field(description="By when the next step is promised; past when it is late.")
    danger: Danger | None
    is_danger_acknowledged: bool
    danger_acknowledged_by: str | None = Field(description="The name of whoever looks after the danger.")
    nation: Nation
    words: list[SaidView]
    question: QuestionAsked | None
    sounds_like: Danger | None = Field(description="The danger that its words tell of, for the tenant to confirm.")
    can_cancel: bool
    can_write: bool = Field(description="Whether words and photos still reach somebody.")
    organisation: LandlordView


class AddedWords(Input):
    """Words to add."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST_WORDS), AfterValidator(_said)]


class NewDanger(Input):
    """What is happening now."""

    danger: Danger


class Cancellation(Input):
    """Why the repair is no longer wanted."""

    reason: Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(_said)]


class OwnReport(View):
    """One of a visitor's reports."""

    reference: str
    title: str
    stage: Stage
    reported_at: datetime
    status_token: str


class OwnReports(View):
    """A visitor's reports, newest first."""

    items: list[OwnReport]


@router.get("/home")
async def report_home(visit: AtHome) -> ApiResponse[ReportEntry]:
    """Show which home the link is for, and who looks after it."""
    place, landlord = await visit.reports.place()
    return ApiResponse(
        data=ReportEntry(
            organisation=_landlord(landlord),
            nation=place.home.nation if place else landlord.organisation.nation,
            home=_home(place),
        )
    )


@router.post("", status_code=201)
async def send_report(new: NewReportInput, visit: AtHome, request: Request) -> ApiResponse[SentReportView]:
    """Report a repair. The same `submissionKey` again is the same report and gets the same answer.

    A link brings ten reports in five minutes; a danger is always taken.
    """
    if new.danger is None and not await visit.reports.knows(new.submission_key):
        services: Services = request.app.state.services
        try:
            await services.guesses.take(f"reports:{visit.link.id}")
        except TooManyAttempts as limit:
            raise TooManyReports(minutes=limit.reason.facts["minutes"], retry_after=limit.retry_after) from None
    sent = await visit.reports.send(
        NewReport(
            submission_key=new.submission_key,
            danger=new.danger,
            room=new.room,
            fault=new.fault,
            answers=new.answers,
            description=new.description,
            may_enter_alone=new.access.may_enter_without_me,
            access_notes=new.access.notes,
            good_times=new.access.times,
            contact=Contact(**new.contact.model_dump()) if new.contact else None,
            language=new.language,
        )
    )
    keep_instead(request, ApiResponse(data=_sent(sent, shows_secret=False)))
    return ApiResponse(data=_sent(sent, shows_secret=True))


@router.get("")
async def own_reports(visit: Returning) -> ApiResponse[OwnReports]:
    """Show what the visitor has reported."""
    items = [
        OwnReport(
            reference=ticket.reference,
            title=ticket.title,
            stage=stage,
            reported_at=ticket.reported_at,
            status_token=secret,
        )
        for ticket, stage, secret in await visit.reports.own()
    ]
    return ApiResponse(data=OwnReports(items=items))


@router.get("/status")
async def report_status(visit: Following, response: Response) -> ApiResponse[ReportStatus]:
    """Show what has become of a report."""
    response.headers["Cache-Control"] = "no-store"
    return ApiResponse(data=_status(await visit.reports.story()))


@router.post("/words", status_code=201)
async def add_words(added: AddedWords, visit: Following) -> ApiResponse[ReportStatus]:
    """Add words to a report; they answer the question when one was asked."""
    await visit.reports.add_words(added.text)
    return ApiResponse(data=_status(await visit.reports.story()))


@router.post("/contact", status_code=201)
async def leave_contact(contact: LeftContact, visit: Following) -> ApiResponse[ReportStatus]:
    """Say how to reach whoever sent a report. What is known already stays; another number is told to staff as words."""
    await visit.reports.leave_contact(Contact(**contact.model_dump()))
    return ApiResponse(data=_status(await visit.reports.story()))


@router.post("/danger", status_code=201)
async def report_danger(new: NewDanger, visit: Following) -> ApiResponse[ReportStatus]:
    """Say that it has become dangerous: the alarm is raised at once, as with a report that begins with a danger."""
    await visit.reports.endanger(new.danger)
    return ApiResponse(data=_status(await visit.reports.story()))


@router.post("/cancellation", status_code=201)
async def cancel_report(cancellation: Cancellation, visit: Following) -> ApiResponse[ReportStatus]:
    """Take a report back."""
    await visit.reports.cancel(cancellation.reason)
    return ApiResponse(data=_status(await visit.reports.story()))


def _landlord(landlord: Landlord) -> LandlordView:
    settings = landlord.settings
    return LandlordView(
        name=landlord.organisation.name,
        phone=landlord.organisation.phone,
        emergency_phone=settings.emergency_phone if settings else None,
        notices=address_of_notices(landlord.organisation.id),
        colour=landlord.organisation.colour,
        logo=logo_path(landlord.organisation.id, landlord.organisation.logo),
    )


def _home(place: ReportPlace | None) -> ReportHome | None:
    return ReportHome(line=place.line) if place else None


def _sent(sent: SentReport, *, shows_secret: bool) -> SentReportView:
    secret = sent.status_secret if shows_secret else None
    return SentReportView(
        reference=sent.ticket.reference,
        status=Stage.RECEIVED,
        status_token=secret,
        status_link=path_of(LinkPurpose.STATUS, secret) if secret else None,
        sounds_like=sent.sounds_like,
        is_somebody_on_call=bool(sent.landlord.settings and sent.landlord.settings.has_emergency_contact),
    )


def _status(story: ReportStory) -> ReportStatus:
    ticket, question = story.ticket, story.question
    return ReportStatus(
        reference=ticket.reference,
        title=ticket.title,
        description=ticket.description if story.is_own else None,
        reported_at=ticket.reported_at,
        stage=story.stage,
        due_at=story.due_at,
        danger=ticket.danger,
        is_danger_acknowledged=ticket.danger_acknowledged_at is not None,
        danger_acknowledged_by=story.rescuer,
        nation=story.nation,
        words=[
            SaidView(
                at=one.occurred_at, who="you" if one.kind is TimelineKind.TENANT_WROTE else "us", text=one.body or ""
            )
            for one in story.words
        ],
        question=QuestionAsked(text=question.body or "", asked_at=question.occurred_at) if question else None,
        sounds_like=story.sounds_like,
        can_write=story.can_write,
        can_cancel=story.can_cancel,
        organisation=_landlord(story.landlord),
    )
