// SPDX-License-Identifier: Apache-2.0
package edge.web.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Finds the route of a method and a path. Immutable. */
public final class Router {

    /** A route and the values of its path parameters. */
    public record Match(Route route, Map<String, String> parameters) {
    }

    private final List<Route> routes;

    /** @throws IllegalArgumentException if two routes have the same method and shape */
    public Router(List<Route> routes) {
        this.routes = List.copyOf(routes);
        TreeSet<String> shapes = new TreeSet<>();
        for (Route route : routes) {
            if (!shapes.add(route.method() + " " + route.template().replaceAll("\\{[^}]*}", "{}"))) {
                throw new IllegalArgumentException("two routes for " + route.method() + " " + route.template());
            }
        }
    }

    public List<Route> routes() {
        return routes;
    }

    /**
     * @param path below the API's root, still percent-encoded
     * @return the route; a literal segment wins over a parameter
     */
    public Optional<Match> find(String method, String path) {
        List<String> segments = segments(path);
        Match best = null;
        for (Route route : routes) {
            if (route.method().equals(method)) {
                Match match = match(route, segments);
                if (match != null && (best == null || match.parameters().size() < best.parameters().size())) {
                    best = match;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /** The methods that a path knows; empty if there is no such path. */
    public List<String> methods(String path) {
        List<String> segments = segments(path);
        TreeSet<String> methods = new TreeSet<>();
        for (Route route : routes) {
            if (match(route, segments) != null) {
                methods.add(route.method());
            }
        }
        return List.copyOf(methods);
    }

    private static Match match(Route route, List<String> path) {
        List<String> wanted = route.segments();
        if (wanted.size() != path.size()) {
            return null;
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < path.size(); i++) {
            String segment = wanted.get(i);
            if (segment.startsWith("{")) {
                if (path.get(i).isEmpty()) {
                    return null;
                }
                parameters.put(segment.substring(1, segment.length() - 1), path.get(i));
            } else if (!segment.equals(path.get(i))) {
                return null;
            }
        }
        return new Match(route, parameters);
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : (path.startsWith("/") ? path.substring(1) : path).split("/", -1)) {
            try {
                segments.add(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                return List.of();
            }
        }
        return segments;
    }
}
