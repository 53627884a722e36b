// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A broker of its own for each test, with a listener and the settings that it comes with. */
abstract class BrokerTest {

    Rig rig;

    @BeforeEach
    void start() {
        rig = Rig.listening();
    }

    @AfterEach
    void stop() {
        rig.close();
    }
}
