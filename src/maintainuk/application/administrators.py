"""Writing to those who administer an organisation: what one of them does in their name, the others hear of."""

from maintainuk.application.jobs import SendEmail
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.messaging import Message, MessageChannel, MessageTemplate
from maintainuk.infrastructure.repositories.roles import Roles
from maintainuk.infrastructure.repositories.users import Users


async def tell_administrators(work: UnitOfWork, template: MessageTemplate) -> None:
    """Write to everybody who administers the organisation, whoever acts included: it may not have been them."""
    roles = [role.id for role in await Roles(work.session).all() if role.administers]
    for user in await Users(work.session).administrators(roles):
        message = Message(
            org_id=work.actor.org_id,
            user_id=user.id,
            channel=MessageChannel.EMAIL,
            template=template,
            created_at=work.now,
        )
        message.promised()
        work.session.add(message)
        work.promise(SendEmail(message_id=message.id))
