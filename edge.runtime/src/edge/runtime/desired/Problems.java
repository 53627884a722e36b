// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import edge.api.config.Problem;
import edge.json.Json;
import edge.json.JsonException;

/** Makes problems out of what the parser and the checks say. */
final class Problems {

    private Problems() {
    }

    static Problem at(Json.Place place, String message) {
        return new Problem(place.line(), place.column(), place.path(), message);
    }

    static Problem of(JsonException e) {
        // The parser quotes words it does not know, which may be a secret without its quotes.
        return new Problem(e.line(), e.column(), e.path(),
            e.getMessage().replaceAll("(?i)(unrecognized|non-standard) token '[^']*'", "unknown word"));
    }

    static Problem ofFile(String message) {
        return new Problem(0, 0, "", message);
    }
}
