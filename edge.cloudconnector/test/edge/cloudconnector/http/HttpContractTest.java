// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.http;

import edge.api.uplink.Uplink;
import edge.cloudconnector.kit.UplinkContractTest;
import java.time.Duration;

class HttpContractTest extends UplinkContractTest {

    private HttpReceiver receiver;

    @Override
    protected int startReceiver() throws Exception {
        receiver = new HttpReceiver(payload -> {
            received(payload);
            return 204;
        });
        return receiver.port();
    }

    @Override
    protected void stopReceiver() {
        receiver.close();
    }

    @Override
    protected Uplink uplink(int port) {
        return new HttpUplink("http", port, Duration.ofSeconds(3));
    }

    @Override
    protected boolean isReceivers(String thread) {
        return thread.startsWith("HTTP-Dispatcher") || thread.startsWith("idle-timeout") || thread.startsWith("req-rsp");
    }
}
