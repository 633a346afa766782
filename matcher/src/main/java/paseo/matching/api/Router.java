package paseo.matching.api;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Leads a request to its operation. Built from the document: what is not in it is not there. */
final class Router {
    private final List<Route> routes;

    /**
     * An operation and what it does.
     *
     * @param values of the path's parameters
     */
    record Match(Operation operation, Endpoint endpoint, Map<String, String> values) {}

    private record Route(Operation operation, Endpoint endpoint) {}

    /** @throws IllegalStateException if document and endpoints do not speak of the same operations */
    Router(List<Operation> operations, Map<String, Endpoint> endpoints) {
        Set<String> described = operations.stream().map(Operation::id).collect(Collectors.toCollection(TreeSet::new));
        if (!described.equals(endpoints.keySet())) {
            Set<String> different = new HashSet<>(endpoints.keySet());
            described.forEach(id -> {
                if (!different.remove(id)) {
                    different.add(id);
                }
            });
            throw new IllegalStateException("in the document or in the program only: " + new TreeSet<>(different));
        }
        routes = operations.stream()
                .map(operation -> new Route(
                        operation,
                        Optional.ofNullable(endpoints.get(operation.id())).orElseThrow()))
                .toList();
    }

    /**
     * Finds the operation of a request.
     *
     * @param segments of the path, decoded
     * @throws Problem if there is none: 404, or 405 where the path has others
     */
    Match find(String method, List<String> segments) {
        Set<String> others = new TreeSet<>();
        for (Route route : routes) {
            Optional<Map<String, String>> values = route.operation.match(segments);
            if (values.isPresent()) {
                if (route.operation.method().equals(method)) {
                    return new Match(route.operation, route.endpoint, values.get());
                }
                others.add(route.operation.method());
            }
        }
        if (others.isEmpty()) {
            throw Problem.notFound("there is no such path; /openapi.json lists all");
        }
        throw new Problem(405, "this path takes " + others, Map.of("Allow", String.join(", ", others)));
    }
}
