package paseo.testing.rtsp;

/** What a {@link LabCamera} does wrong. A fault takes effect at once, also on connections that are open. */
public enum Fault {
    NONE,
    /** Ends each connection in order: TCP FIN. */
    DROP,
    /** Breaks each connection off: TCP RST. */
    RESET,
    /** Sends nothing any more and keeps the connection. */
    STALL,
    /** Takes connections and never answers. */
    NO_REPLY,
    /** Answers with one byte now and then. */
    DRIBBLE,
    /** Sends random bytes in place of packets. */
    GARBAGE,
    /** Sends pictures with a tenth of the bytes flipped. */
    CORRUPT_PICTURES,
    /** Sends parameter sets with bytes flipped. */
    CORRUPT_PARAMETERS,
    /** Sends the same key picture for ever. */
    FREEZE,
    /** Goes round in two seconds of its clip. */
    LOOP,
    /** Plays as fast as it can. */
    RACE,
    /** Has nothing at this address. */
    NOT_FOUND,
    /** Describes itself in a way that nobody understands. */
    BAD_SDP,
    /** Sends its clients to a file of their own. */
    REDIRECT_TO_FILE
}
