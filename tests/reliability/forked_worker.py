"""Start `flask worker` many times at little cost: a loaded parent process forks one for every line it reads."""

import os
import sys

from flask.cli import ScriptInfo

from schakel.app import create_app

app = create_app()
print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if not child:
        app.cli.main(args=line.split(), obj=ScriptInfo(create_app=lambda: app), standalone_mode=False)
        os._exit(0)
    print(child, flush=True)
    os.waitpid(child, 0)
    print("gone", flush=True)
