// SPDX-License-Identifier: Apache-2.0
package edge.web.http;

import edge.api.access.Role;
import java.util.Optional;

/** Who may use a route. There is no default: each route says it. */
public enum Access {
    /** Everybody, also before anybody has signed in. */
    PUBLIC(null),
    VIEWER(Role.VIEWER),
    OPERATOR(Role.OPERATOR),
    ENGINEER(Role.ENGINEER),
    ADMINISTRATOR(Role.ADMINISTRATOR);

    private final Role role;

    Access(Role role) {
        this.role = role;
    }

    /** The least role; empty for {@link #PUBLIC}. */
    public Optional<Role> role() {
        return Optional.ofNullable(role);
    }
}
