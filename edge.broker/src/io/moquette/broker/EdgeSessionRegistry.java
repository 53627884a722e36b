// SPDX-License-Identifier: Apache-2.0
package io.moquette.broker;

import io.moquette.broker.Session.SessionStatus;
import io.moquette.broker.subscriptions.ISubscriptionsDirectory;
import java.time.Clock;

/** Forgets sessions whose client was gone before it got its CONNACK; Moquette would keep them as connecting for ever. */
final class EdgeSessionRegistry extends SessionRegistry {

    EdgeSessionRegistry(ISubscriptionsDirectory subscriptions, ISessionsRepository sessions, IQueueRepository queues,
                        Authorizator authorizator, Clock clock, int expirySeconds, SessionEventLoopGroup loop) {
        super(subscriptions, sessions, queues, authorizator, null, clock, expirySeconds, loop);
    }

    @Override
    void connectionClosed(Session session) {
        session.assignState(SessionStatus.CONNECTING, SessionStatus.DISCONNECTED);
        super.connectionClosed(session);
    }
}
