"""Loads the sketches of an exported history into Redis, and prints what PFCOUNT says of each, and of all days together."""
import base64, json, socket, sys

connection = socket.create_connection(("127.0.0.1", int(sys.argv[2])))
replies = connection.makefile("rb")


def redis(*arguments):
    command = b"*%d\r\n" % len(arguments)
    for argument in arguments:
        argument = argument if isinstance(argument, bytes) else argument.encode()
        command += b"$%d\r\n%s\r\n" % (len(argument), argument)
    connection.sendall(command)
    reply = replies.readline().rstrip()
    if reply[:1] == b"-":
        sys.exit(reply.decode())
    return reply[1:].decode()


days = []
for line in open(sys.argv[1], encoding="utf-8"):
    period = json.loads(line)
    if "users" in period:
        key = "python:%s:%d" % (period["tier"], period["start"])
        redis("SET", key, base64.b64decode(period["users"]))
        print(period["tier"], period["start"], redis("PFCOUNT", key))
        if period["tier"] == "day":
            days.append(key)
print("days", redis("PFCOUNT", *days))
