from maintainuk.cli import app

app(prog_name="maintainuk")
