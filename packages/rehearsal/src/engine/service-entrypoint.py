"""Starts a service as the official images do, with the variables that the library sets."""
import os, subprocess, sys

SERVICE, *ARGUMENTS = sys.argv[1:]

def become(account):
    os.setgroups([])
    os.setgid(account)
    os.setuid(account)

def redis():
    become(999)
    os.chdir("/data")
    command = ARGUMENTS or ["redis-server"]
    # the official image is compiled without the protected mode
    protection = ["--protected-mode", "no"] if command[0] == "redis-server" else []
    os.execvp(command[0], command + protection)

def postgres():
    password = os.environ.get("POSTGRES_PASSWORD")
    if not password:
        sys.exit("Error: Database is uninitialized and superuser password is not specified.")
    data, user = os.environ["PGDATA"], os.environ.get("POSTGRES_USER", "postgres")
    os.makedirs(data, exist_ok=True)
    os.chown(data, 999, 999)
    become(999)
    with open("/tmp/password", "w") as file:
        file.write(password)
    subprocess.run(["initdb", "-D", data, "--username", user, "--pwfile", "/tmp/password", "--auth-host", "scram-sha-256", "--locale", "C.UTF-8"], check=True)
    os.remove("/tmp/password")
    with open(data + "/pg_hba.conf", "a") as file:
        file.write("host all all all scram-sha-256\n")
    # a server for the setup, which listens on a socket only
    subprocess.run(["pg_ctl", "-D", data, "-o", "-c listen_addresses=''", "-w", "start"], check=True)
    database = os.environ.get("POSTGRES_DB", user)
    if database != "postgres":
        subprocess.run(["psql", "--username", user, "--dbname", "postgres", "--command", 'CREATE DATABASE "%s"' % database], check=True)
    subprocess.run(["pg_ctl", "-D", data, "-m", "fast", "-w", "stop"], check=True)
    os.execvp("postgres", ["postgres", "-D", data, "-c", "listen_addresses=*", *(ARGUMENTS[1:] if ARGUMENTS[:1] == ["postgres"] else ARGUMENTS)])

def haproxy():
    become(999)
    os.execvp("haproxy", ARGUMENTS if ARGUMENTS[:1] == ["haproxy"] else ["haproxy", *ARGUMENTS])

{"redis": redis, "postgres": postgres, "haproxy": haproxy}[SERVICE]()
