// SPDX-License-Identifier: Apache-2.0
package edge.web.parts;

import edge.web.support.FakeAccounts;
import edge.web.support.FakeField;
import edge.web.support.FakeGateway;

/** Parts as declarative services would have injected them. */
public final class PartsOf {

    private PartsOf() {
    }

    public static Parts gateway(FakeGateway gateway, FakeField field) {
        Parts parts = new Parts(gateway, new FakeAccounts());
        parts.clock = gateway;
        parts.health = gateway;
        parts.events = gateway;
        parts.log = gateway;
        parts.tags = field;
        return parts;
    }
}
