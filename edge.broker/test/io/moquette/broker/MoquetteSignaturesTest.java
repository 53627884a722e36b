// SPDX-License-Identifier: Apache-2.0
package io.moquette.broker;

import static org.assertj.core.api.Assertions.assertThat;

import edge.broker.bus.RetainedMessages;
import edge.broker.bus.SerialLoop;
import edge.broker.Alarms;
import io.moquette.broker.config.IConfig;
import io.moquette.broker.security.IAuthenticator;
import io.moquette.broker.subscriptions.ISubscriptionsDirectory;
import io.moquette.broker.subscriptions.Topic;
import io.moquette.interception.BrokerInterceptor;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.ProxySelector;
import java.net.Proxy;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/**
 * Pins what the adapter relies on inside of Moquette: what it overrides must be overridable and be called, what it calls must
 * do what is expected. A newer Moquette that fails here needs a look at the adapter, not at the test.
 */
class MoquetteSignaturesTest {

    private static void overridable(Class<?> type, String name, Class<?> result, Class<?>... parameters) throws Exception {
        Method method = type.getDeclaredMethod(name, parameters);
        assertThat(method.getReturnType()).isEqualTo(result);
        assertThat(Modifier.isPrivate(method.getModifiers()) || Modifier.isFinal(method.getModifiers())
            || Modifier.isStatic(method.getModifiers())).as("%s.%s cannot be overridden", type, name).isFalse();
        assertThat(Modifier.isFinal(type.getModifiers())).as("%s is final", type).isFalse();
    }

    @Test
    void the_methods_that_are_overridden_are_there() throws Exception {
        overridable(PostOffice.class, "dispatchConnection", void.class, MqttConnectMessage.class);
        overridable(PostOffice.class, "subscribeClientToTopics", void.class, MqttSubscribeMessage.class, String.class,
            String.class, MQTTConnection.class);
        overridable(SessionRegistry.class, "connectionClosed", void.class, Session.class);
        overridable(SessionEventLoopGroup.class, "routeCommand", PostOffice.RouteResult.class, String.class, String.class,
            Callable.class);
        overridable(SessionEventLoopGroup.class, "terminate", void.class);
        overridable(SessionEventLoopGroup.class, "getEventLoopCount", int.class);
        overridable(SessionEventLoopGroup.class, "targetQueueOrdinal", int.class, String.class);
        overridable(SessionRegistry.PublishedMessage.class, "retain", void.class);
        overridable(SessionRegistry.PublishedMessage.class, "release", void.class);
        overridable(io.moquette.persistence.MemorySessionsRepository.class, "saveSession", void.class,
            ISessionsRepository.SessionData.class);
        overridable(io.moquette.persistence.MemorySessionsRepository.class, "delete", void.class,
            ISessionsRepository.SessionData.class);
    }

    @Test
    void the_constructors_that_are_called_are_there() throws Exception {
        PostOffice.class.getDeclaredConstructor(ISubscriptionsDirectory.class, IRetainedRepository.class, SessionRegistry.class,
            ISessionsRepository.class, BrokerInterceptor.class, Authorizator.class, SessionEventLoopGroup.class, Clock.class,
            MqttQoS.class);
        SessionRegistry.class.getDeclaredConstructor(ISubscriptionsDirectory.class, ISessionsRepository.class,
            IQueueRepository.class, Authorizator.class, ScheduledExecutorService.class, Clock.class, int.class,
            SessionEventLoopGroup.class);
        SessionEventLoopGroup.class.getDeclaredConstructor(BrokerInterceptor.class, int.class);
        MQTTConnectionFactory.class.getDeclaredConstructor(BrokerConfiguration.class, IAuthenticator.class,
            SessionRegistry.class, PostOffice.class);
        NewNettyMQTTHandler.class.getDeclaredConstructor(MQTTConnectionFactory.class);
        BrokerConfiguration.class.getDeclaredConstructor(IConfig.class);
        SessionRegistry.PublishedMessage.class.getDeclaredConstructor(Topic.class, MqttQoS.class, ByteBuf.class, boolean.class,
            Instant.class, MqttProperty[].class);
    }

    @Test
    void the_members_that_are_called_are_there() throws Exception {
        Session.class.getDeclaredMethod("sendPublishOnSessionAtQos", SessionRegistry.PublishedMessage.class);
        Session.class.getDeclaredMethod("assignState", Session.SessionStatus.class, Session.SessionStatus.class);
        SessionRegistry.class.getDeclaredMethod("retrieve", String.class);
        MQTTConnection.class.getDeclaredMethod("resendNotAckedPublishes");
        MQTTConnection.class.getDeclaredMethod("writabilityChanged");
        MQTTConnection.class.getDeclaredMethod("isConnected");
        assertThat(MQTTConnection.class.getDeclaredField("channel").getType()).isEqualTo(Channel.class);
    }

    @Test
    void moquettes_handler_keeps_its_connection_where_the_adapter_looks_for_it() {
        SerialLoop loop = new SerialLoop("test");
        MoquetteSessions sessions = sessions(loop);
        EmbeddedChannel channel = new EmbeddedChannel(sessions.handler());
        assertThat(channel.attr(EdgeHandler.CONNECTION).get()).isInstanceOf(MQTTConnection.class);
        sessions.close();
        loop.stop();
    }

    private static MoquetteSessions sessions(SerialLoop loop) {
        return new MoquetteSessions(loop, new RetainedMessages(Optional::empty, new Alarms(Optional::empty)), (client, promised) -> { });
    }

    @Test
    void telemetry_and_persistence_are_off_and_the_classes_that_do_them_are_not_in_the_bundle() throws IOException {
        IConfig configuration = MoquetteSessions.configuration();
        assertThat(configuration.boolProp(IConfig.ENABLE_TELEMETRY_NAME, true)).isFalse();
        assertThat(configuration.boolProp(IConfig.PERSISTENCE_ENABLED_PROPERTY_NAME, true)).isFalse();
        assertThat(new BrokerConfiguration(configuration).isAllowAnonymous()).isFalse();
        try (JarFile bundle = new JarFile(bundle().toFile())) {
            List<String> names = bundle.stream().map(JarEntry::getName).toList();
            assertThat(names).contains("io/moquette/broker/PostOffice.class", "io/moquette/broker/MoquetteSessions.class")
                .doesNotContain("io/moquette/broker/Server.class", "io/moquette/broker/NewNettyAcceptor.class")
                .noneMatch(name -> name.startsWith("io/moquette/persistence/H2"));
            for (JarEntry entry : bundle.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
                try (InputStream in = bundle.getInputStream(entry)) {
                    assertThat(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .as(entry.getName()).doesNotContain("java/net/URL", "java/net/http", "http://", "https://");
                }
            }
        }
    }

    private static Path bundle() {
        Path classes = Path.of(URI.create(MoquetteSessions.class.getProtectionDomain().getCodeSource().getLocation().toString()));
        Path bundle = Files.isRegularFile(classes) ? classes : classes.resolveSibling("generated/edge.broker.jar");
        assertThat(bundle).isRegularFile();
        return bundle;
    }

    @Test
    void nothing_is_contacted_when_the_sessions_start() throws IOException {
        List<URI> asked = new CopyOnWriteArrayList<>();
        ProxySelector before = ProxySelector.getDefault();
        ProxySelector.setDefault(new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                asked.add(uri);
                return List.of(Proxy.NO_PROXY);
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {
                asked.add(uri);
            }
        });
        SerialLoop loop = new SerialLoop("test");
        try {
            MoquetteSessions sessions = sessions(loop);
            sessions.close();
            assertThat(asked).isEmpty();
            // The trap does work.
            try (InputStream in = new URL("http://127.0.0.1:1/").openStream()) {
                in.read();
            } catch (IOException e) {
                assertThat(asked).isNotEmpty();
            }
        } finally {
            ProxySelector.setDefault(before);
            loop.stop();
        }
        assertThat(asked).isNotEmpty();
    }
}
