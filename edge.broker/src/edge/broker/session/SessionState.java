// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

/**
 * What we keep of a session beside what the library keeps.
 *
 * @param owner name of the account that opened it; nobody else may take it over
 */
public record SessionState(String owner, Inbox inbox, Outbox outbox) {

    public static SessionState of(String owner) {
        return new SessionState(owner, new Inbox(), new Outbox());
    }
}
