// SPDX-License-Identifier: Apache-2.0
package edge.broker.bus;

import static edge.broker.Rig.awaitTrue;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SerialLoopTest {

    private final SerialLoop loop = new SerialLoop("test-loop");
    private final CountDownLatch gate = new CountDownLatch(1);

    @BeforeEach
    void start() {
        loop.start();
    }

    @AfterEach
    void stop() {
        gate.countDown();
        loop.stop();
    }

    private void block() {
        CountDownLatch blocked = new CountDownLatch(1);
        loop.command(() -> {
            blocked.countDown();
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        awaitTrue(() -> blocked.getCount() == 0, "the loop is blocked");
    }

    @Test
    void a_task_that_throws_an_error_does_not_end_the_loop() {
        AtomicInteger ran = new AtomicInteger();
        loop.command(() -> {
            throw new StackOverflowError("on purpose");
        });
        loop.command(() -> {
            throw new IllegalStateException("on purpose");
        });
        loop.command(ran::incrementAndGet);
        awaitTrue(() -> ran.get() == 1, "the next task runs");
    }

    @Test
    void messages_are_refused_before_commands_are() {
        block();
        int taken = 0;
        while (loop.route(() -> { }, 1)) {
            taken++;
        }
        assertThat(taken).isBetween(10_000, 20_000);
        assertThat(loop.command(() -> { })).isTrue();
        while (loop.command(() -> { })) {
            taken++;
        }
        assertThat(taken).as("commands are bounded too").isLessThan(70_000);
    }

    @Test
    void messages_are_bounded_by_their_bytes_too() {
        block();
        int taken = 0;
        while (loop.route(() -> { }, 1 << 20)) {
            taken++;
        }
        assertThat(taken).isEqualTo(16);
    }

    @Test
    void who_waits_is_told_when_the_loop_is_no_longer_busy() {
        AtomicInteger told = new AtomicInteger();
        loop.whenRelieved(told::incrementAndGet);
        assertThat(told).as("it is not busy").hasValue(1);
        block();
        for (int i = 0; i < 3_000; i++) {
            loop.route(() -> { }, 1);
        }
        assertThat(loop.isBusy()).isTrue();
        loop.whenRelieved(told::incrementAndGet);
        assertThat(told).hasValue(1);
        gate.countDown();
        awaitTrue(() -> told.get() == 2, "it is told");
        assertThat(loop.isBusy()).isFalse();
    }

    @Test
    void an_ended_loop_takes_nothing() {
        loop.stop();
        assertThat(loop.hasEnded()).isTrue();
        assertThat(loop.command(() -> { })).isFalse();
        assertThat(loop.route(() -> { }, 1)).isFalse();
    }
}
