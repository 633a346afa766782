package paseo.matching.api;

/** What an operation does. */
@FunctionalInterface
interface Endpoint {
    /**
     * Does it.
     *
     * @throws Problem if it cannot be done
     */
    Answer answer(Call call);
}
