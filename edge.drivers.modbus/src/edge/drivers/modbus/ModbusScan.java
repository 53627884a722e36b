// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import edge.api.device.Quality;
import edge.api.device.Quality.Reason;
import edge.api.device.Reading;
import edge.api.device.Scan;
import edge.api.value.Value;
import edge.drivers.modbus.client.Failure;
import edge.drivers.modbus.client.Link;
import edge.drivers.modbus.client.ResponseHandler;
import edge.drivers.modbus.codec.ExceptionCode;
import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.plan.Block;
import edge.drivers.modbus.plan.Knowledge;
import edge.drivers.modbus.plan.ScanPlan;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * The planned reading of some tags. All of a run happens on the client's thread: its requests go out together, answers are
 * decoded where they arrive.
 */
final class ModbusScan implements Scan {
    /** A tag that the device refuses is asked for again after so long: devices get reconfigured. */
    private static final long REFUSED_PAUSE = TimeUnit.SECONDS.toNanos(30);

    private final Station station;
    private final Link link;
    private final DeviceStatus status;
    private final List<ModbusTag> tags;
    // From here on only the client's thread.
    private final ScanPlan plan;
    private List<Block> planned = List.of();
    private List<BlockRead> reads = List.of();
    private final Refusal[] refusals;
    private Reading[] readings;
    private int pending;
    private CompletableFuture<List<Reading>> result;

    /** What the device said about a tag that it refuses, and when to ask again. */
    private record Refusal(Quality quality, long until) {
    }

    ModbusScan(Station station, Link link, DeviceStatus status, List<ModbusTag> tags,
        Knowledge knowledge) {
        this.station = station;
        this.link = link;
        this.status = status;
        this.tags = tags;
        this.refusals = new Refusal[tags.size()];
        this.plan = new ScanPlan(station.unit(), tags.stream().map(ModbusTag::span).toList(), knowledge);
    }

    @Override
    public CompletionStage<List<Reading>> run() {
        CompletableFuture<List<Reading>> stage = new CompletableFuture<>();
        if (!link.execute(() -> start(stage))) {
            Quality paused = Quality.bad(Reason.PAUSED, station.device() + ": the driver has stopped");
            Instant now = Instant.now();
            stage.complete(tags.stream().map(tag -> new Reading(tag.tag(), Value.NONE, paused, now)).toList());
        }
        return stage;
    }

    private void start(CompletableFuture<List<Reading>> stage) {
        if (pending > 0) {
            stage.completeExceptionally(new IllegalStateException(station.device() + ": the scan is running already"));
            return;
        }
        List<Block> blocks = plan.blocks();
        if (planned != blocks) {
            planned = blocks;
            reads = planned.stream().map(BlockRead::new).toList();
        }
        result = stage;
        readings = new Reading[tags.size()];
        pending = 1;
        for (BlockRead read : reads) {
            if (!read.isKnownRefused()) {
                pending++;
                link.submit(read.block.request(), station.timeout(), read);
            }
        }
        end();
    }

    private void end() {
        if (--pending > 0) {
            return;
        }
        List<Reading> done = Collections.unmodifiableList(Arrays.asList(readings));
        readings = null;
        result.complete(done);
    }

    /** Reads one block of the run. */
    private final class BlockRead implements ResponseHandler {
        private final Block block;

        BlockRead(Block block) {
            this.block = block;
        }

        /** Gives a tag whose refusal is remembered its reading, without asking. */
        boolean isKnownRefused() {
            Refusal refusal = block.size() == 1 ? refusals[block.item(0)] : null;
            if (refusal == null || System.nanoTime() - refusal.until() >= 0) {
                return false;
            }
            bad(refusal.quality());
            return true;
        }

        @Override
        public void answered(Request request, ByteBuffer data, int start) {
            Instant now = Instant.now();
            for (int i = 0; i < block.size(); i++) {
                int item = block.item(i);
                ModbusTag tag = tags.get(item);
                Meaning.Interpreted read = tag.decode(data, start, request.address());
                readings[item] = new Reading(tag.tag(), read.value(), quality(request, read.quality()), now);
                if (refusals[item] != null) {
                    refusals[item] = null;
                    status.granted(tag.tag().name());
                }
            }
            plan.accept(block);
            status.answered();
            end();
        }

        private Quality quality(Request request, Quality found) {
            return found.isGood() ? found : new Quality(found.level(), found.reason(), station.describe(request, found.detail()
                + "; if that is wrong, check type, byteOrder and wordOrder"));
        }

        @Override
        public void failed(Request request, Failure failure) {
            Quality quality = station.quality(request, failure);
            if (failure.reason() == Reason.REJECTED) {
                rejected(failure.exceptionCode(), quality);
            } else if (failure.reason() != Reason.PAUSED) {
                status.failed(quality.detail());
            }
            bad(quality);
            end();
        }

        private void rejected(int code, Quality quality) {
            if (code == ExceptionCode.GATEWAY_PATH_UNAVAILABLE.code() || code == ExceptionCode.GATEWAY_TARGET_FAILED.code()) {
                status.failed(quality.detail());
                return;
            }
            status.answered();
            if (code != ExceptionCode.ILLEGAL_DATA_ADDRESS.code() && code != ExceptionCode.ILLEGAL_DATA_VALUE.code()) {
                return;
            }
            List<Block> halves = plan.refuse(block, code == ExceptionCode.ILLEGAL_DATA_VALUE.code());
            if (halves.isEmpty()) {
                refusals[block.item(0)] = new Refusal(quality, System.nanoTime() + REFUSED_PAUSE);
                status.refused(tags.get(block.item(0)).tag().name(), quality.detail());
            }
            pending += halves.size();
            for (Block half : halves) {
                link.submit(half.request(), station.timeout(), new BlockRead(half));
            }
        }

        private void bad(Quality quality) {
            Instant now = Instant.now();
            for (int i = 0; i < block.size(); i++) {
                int item = block.item(i);
                readings[item] = new Reading(tags.get(item).tag(), Value.NONE, quality, now);
            }
        }
    }
}
