#!/usr/bin/python3
"""Prints who passes, from Paseo's topic sightings. Needs Debian's python3-confluent-kafka.

    ./sightings_topic.py HOST:9092           what comes from now on, for ever
    ./sightings_topic.py HOST:9092 --all     what is there, from the beginning, and ends
    ./sightings_topic.py HOST:9092 GROUP     as a consumer group that goes on where it was

A sighting is JSON; the same ce_id comes again when it is sent again. provisional means that somebody is still in view,
and the final word follows under the same key. A record without a value says that the sequence was erased.
"""
import json
import sys

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException

TOPIC = "sightings"


def records(servers, group=None, everything=False):
    """Yields records: for ever, or all that are there."""
    consumer = Consumer({
        "bootstrap.servers": servers,
        "group.id": group or "paseo-example",
        "enable.auto.commit": bool(group),
        "auto.offset.reset": "earliest" if group else "latest",
        "isolation.level": "read_committed",
        "enable.partition.eof": everything,
    })
    left = set()

    def assigned(consumer, partitions):
        if everything:
            for partition in partitions:
                partition.offset = OFFSET_BEGINNING
            left.update(partition.partition for partition in partitions)
            consumer.assign(partitions)

    consumer.subscribe([TOPIC], on_assign=assigned)
    try:
        begun = False
        while not (everything and begun and not left):
            record = consumer.poll(1.0)
            begun = begun or bool(left)
            if record is None:
                continue
            if record.error():
                if record.error().code() != KafkaError._PARTITION_EOF:
                    raise KafkaException(record.error())
                left.discard(record.partition())
                continue
            yield record
    finally:
        consumer.close()


def line(record):
    """What a record says, for people."""
    if record.value() is None:
        return f"{record.key().decode()} is erased"
    sighting = json.loads(record.value())
    who = f"person {sighting['person']}" if sighting.get("person") else "nobody"
    state = "in view" if sighting.get("provisional") else sighting["decision"].lower()
    return f"{who:12} {state:11} {sighting['source']} {sighting['startSeconds']:.1f}-{sighting['endSeconds']:.1f}"


def main():
    arguments = sys.argv[1:]
    if len(arguments) not in (1, 2):
        sys.exit(__doc__.strip())
    everything = arguments[1:] == ["--all"]
    group = arguments[1] if len(arguments) == 2 and not everything else None
    for record in records(arguments[0], group, everything):
        print(line(record), flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
