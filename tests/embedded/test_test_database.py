from sqlalchemy import text


async def test_a_worker_has_its_own_migrated_database(database):
    async with database.connection() as connection:
        found = (await connection.execute(text("SELECT current_user, to_regclass('app.organisations') AS made"))).one()

    assert found.current_user == "maintainuk_app"
    assert found.made


async def test_a_pristine_database_is_another_one(database, pristine_database):
    names = set()
    for each in (database, pristine_database):
        async with each.connection() as connection:
            names.add((await connection.execute(text("SELECT current_database()"))).scalar_one())

    assert len(names) == 2
