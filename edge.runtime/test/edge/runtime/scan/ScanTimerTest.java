// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import static org.assertj.core.api.Assertions.assertThat;

import edge.runtime.testkit.Until;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScanTimerTest {
    private final ScanTimer timer = new ScanTimer();
    private final Schedule schedule = timer.schedule();

    @AfterEach
    void close() {
        timer.close();
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).filter(name -> name.startsWith("edge-scan"))
            .collect(Collectors.toSet());
    }

    @Test
    void a_job_added_while_the_timer_waits_for_a_later_one_is_not_late() throws InterruptedException {
        schedule.at(schedule.now() + TimeUnit.MINUTES.toNanos(10), (now, missed) -> { });
        CountDownLatch ran = new CountDownLatch(3);
        schedule.every(schedule.now() + 1_000_000, 1_000_000, (now, missed) -> ran.countDown());

        assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_driver_that_never_returns_costs_the_others_nothing_but_a_second() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch others = new CountDownLatch(100);
        AtomicInteger afterwards = new AtomicInteger();
        schedule.at(schedule.now(), (now, missed) -> {
            awaitUninterrupted(release);
            afterwards.incrementAndGet();
        });
        schedule.every(schedule.now() + 1, 1_000_000, (now, missed) -> others.countDown());

        assertThat(others.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(threads()).contains("edge-scan-stuck", "edge-scan");
        release.countDown();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (threads().contains("edge-scan-stuck") && System.nanoTime() < deadline) {
            Thread.sleep(5);
        }
        assertThat(threads()).doesNotContain("edge-scan-stuck");
        assertThat(afterwards.get()).isOne();
    }

    @Test
    void closing_leaves_no_thread_behind_and_interrupts_who_blocks_beside() throws InterruptedException {
        CountDownLatch blocked = new CountDownLatch(1);
        timer.aside().execute(() -> {
            blocked.countDown();
            try {
                Thread.sleep(60_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(blocked.await(20, TimeUnit.SECONDS)).isTrue();

        timer.close();

        Until.holds(() -> assertThat(threads()).isEmpty());
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
