#!/usr/bin/env python3
"""Prints who passes, while they pass, from Paseo's live events. Needs nothing but Python.

    PASEO_TOKEN=... ./sightings.py http://127.0.0.1:8642

The token is behind # in the address that 'paseo watch' prints, or made in the page under System (scope read).
"""
import json
import os
import sys
import time
import urllib.error
import urllib.request


def events(address, token):
    """Yields sightings for ever; comes back after a break behind the last one that was taken."""
    last = None
    while True:
        request = urllib.request.Request(address.rstrip("/") + "/v1/events", headers={"Authorization": "Bearer " + token})
        if last:
            request.add_header("Last-Event-ID", last)
        try:
            with urllib.request.urlopen(request, timeout=60) as stream:
                event = {}
                for line in stream:
                    name, _, value = line.decode().rstrip("\n").partition(": ")
                    if name:
                        event[name] = value
                        continue
                    last = event.get("id", last)
                    if event.get("event") == "sighting":
                        yield json.loads(event["data"])
                    event = {}
        except urllib.error.HTTPError as refused:
            sys.exit("refused: " + json.load(refused).get("detail", refused.reason))
        except OSError as broken:
            print("connecting again:", broken, file=sys.stderr)
            time.sleep(2)


def main():
    if len(sys.argv) != 2 or "PASEO_TOKEN" not in os.environ:
        sys.exit(__doc__.strip())
    for sighting in events(sys.argv[1], os.environ["PASEO_TOKEN"]):
        who = f"person {sighting['person']}" if sighting.get("person") else "nobody"
        state = "in view" if sighting.get("provisional") else sighting["decision"].lower()
        print(f"{who:12} {state:11} {sighting['source']} {sighting['startSeconds']:.1f}-{sighting['endSeconds']:.1f}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
