// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.journal.JournalRecord;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import edge.api.uplink.Delivery;
import edge.api.uplink.Encoder.Payload;
import edge.api.uplink.Lane;
import edge.api.uplink.OutboundMessage;
import edge.api.uplink.Uplink;
import edge.api.uplink.UplinkException;
import edge.cloudconnector.support.CuttingProxy;
import edge.cloudconnector.support.Mosquitto;
import edge.cloudconnector.support.TestGateway;
import edge.cloudconnector.support.Until;
import edge.verify.Account;
import edge.verify.Payloads;
import edge.json.MessageJson;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every target has to keep, whatever it speaks. A target's own tests extend this and say how to reach it: everything goes
 * through a cable that the kit cuts.
 */
public abstract class UplinkContractTest {

    private static final long PATIENCE = 20;

    @TempDir
    protected Path folder;
    protected TestGateway gateway;
    private final Account account = new Account();
    private CuttingProxy cable;
    private Uplink uplink;
    private Set<Thread> before;
    private long sequence;

    /** Starts a receiver that gives each payload that it gets to {@link #received}; returns its port on the loopback. */
    protected abstract int startReceiver() throws Exception;

    protected abstract void stopReceiver() throws Exception;

    /** A target that reaches the receiver at that port, with time-outs of a few seconds at most. */
    protected abstract Uplink uplink(int port) throws Exception;

    protected final void received(byte[] payload) throws IOException {
        Payloads.read(payload).forEach(account::arrived);
    }

    @BeforeEach
    final void plug() throws Exception {
        gateway = new TestGateway(folder);
        cable = new CuttingProxy(startReceiver());
        before = Thread.getAllStackTraces().keySet();
        uplink = uplink(cable.port());
    }

    @AfterEach
    final void unplug() throws Exception {
        uplink.close();
        cable.close();
        stopReceiver();
    }

    private void open(AtomicInteger breaks) throws Exception {
        uplink.open(why -> breaks.incrementAndGet()).toCompletableFuture().get(PATIENCE, TimeUnit.SECONDS);
    }

    private List<OutboundMessage> batch(int count) {
        List<OutboundMessage> batch = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sequence++;
            RecordKey key = new RecordKey(gateway.id(), StreamId.device("boiler"), 1, sequence);
            JournalRecord record = new JournalRecord.Stored(sequence, key, gateway.bootId(),
                gateway.scan("boiler", sequence, gateway.now()));
            batch.add(new OutboundMessage(record, Lane.LIVE, new Payload(MessageJson.cloud(record, Lane.LIVE)).bytes()));
        }
        return batch;
    }

    private List<CompletableFuture<List<Delivery>>> fillWindow() {
        List<CompletableFuture<List<Delivery>>> answers = new ArrayList<>();
        for (int i = 0; i < uplink.window().batches(); i++) {
            answers.add(uplink.send(batch(uplink.window().messages())).toCompletableFuture());
        }
        return answers;
    }

    @Test
    final void it_tells_who_it_is() {
        assertThat(uplink.name()).matches("[A-Za-z0-9_.-]{1,64}");
        assertThat(uplink.address()).contains(Integer.toString(cable.port()));
        assertThat(uplink.window().batches()).isPositive();
        assertThat(uplink.window().messages()).isPositive();
    }

    @Test
    final void a_whole_window_again_and_again_is_answered_message_by_message_and_arrives_complete_once_and_in_order()
        throws Exception {
        open(new AtomicInteger());
        for (int round = 0; round < 3; round++) {
            for (CompletableFuture<List<Delivery>> answer : fillWindow()) {
                assertThat(answer.get(PATIENCE, TimeUnit.SECONDS)).hasSize(uplink.window().messages())
                    .containsOnly(Delivery.ACCEPTED);
            }
        }
        Until.holds(Duration.ofSeconds(PATIENCE), account::report, () -> account.report().received() == sequence);
        assertThat(account.report().isComplete()).isTrue();
        assertThat(account.report().isOrdered()).isTrue();
        assertThat(account.report().duplicates()).isZero();
    }

    @Test
    final void a_lost_connection_fails_what_is_under_way_and_it_can_be_opened_again() throws Exception {
        AtomicInteger breaks = new AtomicInteger();
        open(breaks);
        uplink.send(batch(1)).toCompletableFuture().get(PATIENCE, TimeUnit.SECONDS);
        cable.mode(CuttingProxy.Mode.STALL);
        CompletableFuture<List<Delivery>> under = uplink.send(batch(1)).toCompletableFuture();
        cable.mode(CuttingProxy.Mode.CUT);
        assertThatThrownBy(() -> under.get(PATIENCE, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(UplinkException.class);
        assertThat(breaks.get()).as("told at most once").isLessThanOrEqualTo(1);
        uplink.close();
        cable.mode(CuttingProxy.Mode.PASS);
        open(new AtomicInteger());
        assertThat(uplink.send(batch(1)).toCompletableFuture().get(PATIENCE, TimeUnit.SECONDS)).containsOnly(Delivery.ACCEPTED);
    }

    @Test
    final void a_target_that_does_not_answer_is_given_up_in_time() throws Exception {
        open(new AtomicInteger());
        uplink.send(batch(1)).toCompletableFuture().get(PATIENCE, TimeUnit.SECONDS);
        cable.mode(CuttingProxy.Mode.STALL);
        assertThatThrownBy(() -> uplink.send(batch(1)).toCompletableFuture().get(PATIENCE, TimeUnit.SECONDS))
            .isInstanceOf(ExecutionException.class);
    }

    @Test
    final void a_target_out_of_reach_is_told_with_its_address_and_what_to_do() throws Exception {
        uplink.close();
        uplink = uplink(Mosquitto.freePort());
        assertThatThrownBy(() -> open(new AtomicInteger())).hasCauseInstanceOf(UplinkException.class)
            .satisfies(failure -> {
                UplinkException why = (UplinkException) failure.getCause();
                assertThat(why.kind()).isEqualTo(UplinkException.Kind.UNREACHABLE);
                assertThat(why.reason()).contains(uplink.address());
                assertThat(why.remedy()).isNotEmpty();
            });
    }

    @Test
    final void what_is_not_open_takes_nothing_and_closing_it_does_no_harm() {
        uplink.close();
        uplink.close();
        assertThat(uplink.send(batch(1)).toCompletableFuture()).failsWithin(Duration.ofSeconds(5));
    }

    @Test
    final void closed_it_leaves_no_thread_behind() throws Exception {
        open(new AtomicInteger());
        uplink.send(batch(1)).toCompletableFuture().get(PATIENCE, TimeUnit.SECONDS);
        uplink.close();
        Until.holds(Duration.ofSeconds(10), this::threads, () -> threads().isEmpty());
    }

    private Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> !before.contains(thread) && thread.isAlive())
            .map(Thread::getName).filter(name -> !name.startsWith("cutting-proxy") && !isReceivers(name))
            .collect(Collectors.toSet());
    }

    /** Whether a thread is the receiver's. */
    protected boolean isReceivers(String thread) {
        return false;
    }
}
