// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.pwm;

import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The channels of one device, while they are ours. */
record Channels(String path, List<Channel> channels) implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Channels.class);

    static Channels open(String path, List<Channel> channels) throws IOException {
        for (Channel channel : channels) {
            channel.open(path);
        }
        return new Channels(path, channels);
    }

    @Override
    public void close() {
        for (Channel channel : channels) {
            try {
                channel.close(path);
            } catch (IOException e) {
                LOG.warn("no safe value could be set: {}", e.getMessage());
            }
        }
    }
}
