// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import edge.api.device.Tag;
import edge.api.gateway.Gateway;
import edge.api.journal.StreamSelection;
import edge.api.uplink.Delivery;
import edge.api.uplink.OutboundMessage;
import edge.api.uplink.Uplink;
import edge.api.uplink.UplinkException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cloud that speaks MQTT 3.1.1: QoS 1, one topic a stream, a message counts as accepted with its PUBACK. */
@Component(name = MqttUplink.PID, configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true)
@Designate(ocd = MqttConfig.class, factory = true)
public final class MqttUplink implements Uplink {

    static final String PID = "edge.cloudconnector.mqtt";
    private static final Logger LOG = LoggerFactory.getLogger(MqttUplink.class);

    private final Gateway gateway;
    private final MqttSettings settings;
    private final TopicTemplate topics;
    private final Optional<TopicTemplate> statusTopic;
    private final Optional<TopicTemplate> probeTopic;
    private final StreamSelection selection;
    private final String encoder;
    /** Null while closed. */
    private MqttConnection connection;

    @Activate
    public MqttUplink(@Reference Gateway gateway, MqttConfig config, Map<String, Object> properties) {
        this(gateway, name(String.valueOf(properties.get("service.pid"))), config);
    }

    MqttUplink(Gateway gateway, String name, MqttConfig config) {
        this.gateway = gateway;
        this.settings = MqttSettings.of(name, config, gateway.data(), gateway.id().toString());
        this.topics = TopicTemplate.parse(config.topic(), gateway.id());
        this.statusTopic = gatewayTopic(config.statusTopic());
        this.probeTopic = gatewayTopic(config.probeTopic());
        this.selection = new StreamSelection(List.of(config.streams()));
        this.encoder = config.encoder();
        if (settings.passwordGoesInClear()) {
            LOG.warn("uplink {}: user and password go to {} in clear; set 'tls' to true where the cloud can", name,
                settings.address());
        }
    }

    private Optional<TopicTemplate> gatewayTopic(String template) {
        return template.isEmpty() ? Optional.empty() : Optional.of(TopicTemplate.parse(template, gateway.id()));
    }

    static String name(String pid) {
        String name = pid.substring(pid.indexOf('~') + 1);
        if (pid.indexOf('~') < 0 || !Tag.isName(name)) {
            throw new IllegalArgumentException("the uplink's name is what follows the ~ in " + pid
                + ": 1 to 64 of A-Z a-z 0-9 _ . -");
        }
        return name;
    }

    @Deactivate
    void deactivate() {
        close();
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public String address() {
        return settings.address();
    }

    @Override
    public StreamSelection selection() {
        return selection;
    }

    @Override
    public String encoder() {
        return encoder;
    }

    @Override
    public Window window() {
        return new Window(settings.batches(), settings.batchSize());
    }

    @Override
    public synchronized CompletionStage<Void> open(Consumer<UplinkException> broken) {
        close();
        try {
            Gateway.Labels labels = gateway.labels();
            connection = new MqttConnection(settings, broken, statusTopic.map(topic -> new Presence(topic.topic(labels),
                gateway.id())));
            return connection.open();
        } catch (UplinkException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public synchronized CompletionStage<List<Delivery>> send(List<OutboundMessage> batch) {
        if (connection == null) {
            return CompletableFuture.failedFuture(new Failures(settings).closed());
        }
        Gateway.Labels labels = gateway.labels();
        return connection.send(batch.stream().map(message -> new MqttConnection.Outgoing(
            topics.topic(message, labels), message.payload())).toList());
    }

    @Override
    public synchronized CompletionStage<Boolean> probe() {
        if (probeTopic.isEmpty()) {
            return CompletableFuture.completedFuture(false);
        } else if (connection == null) {
            return CompletableFuture.failedFuture(new Failures(settings).closed());
        }
        return connection.probe(probeTopic.get().topic(gateway.labels()));
    }

    @Override
    public synchronized void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
