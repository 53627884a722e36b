// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import edge.api.device.DeviceException;
import edge.api.device.Quality.Reason;
import edge.api.device.Tag;
import edge.api.value.Value;
import edge.drivers.modbus.client.Failure;
import edge.drivers.modbus.client.Link;
import edge.drivers.modbus.client.ResponseHandler;
import edge.drivers.modbus.codec.FunctionCode;
import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.ValueFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Writes to one device, and reads back what was written where that is wanted. */
final class Writer {
    private final Station station;
    private final Link link;
    private final DeviceStatus status;
    private final boolean multiple;
    private final boolean readWrite;

    /**
     * @param multiple whether the device knows only the functions that write several
     * @param readWrite whether it knows function 23
     */
    Writer(Station station, Link link, DeviceStatus status, boolean multiple, boolean readWrite) {
        this.station = station;
        this.link = link;
        this.status = status;
        this.multiple = multiple;
        this.readWrite = readWrite;
    }

    CompletionStage<Void> write(ModbusTag tag, Value value) {
        Request request;
        try {
            request = tag.write(station.unit(), value, multiple);
        } catch (IllegalArgumentException e) {
            return refuse(Reason.OUT_OF_RANGE, tag.tag(), e.getMessage());
        }
        boolean verified = tag.writing().verified() && !station.isBroadcast();
        if (verified && readWrite && tag.format().map(ValueFormat::mask).orElse(0) == ValueFormat.WHOLE) {
            request = together(request, tag);
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        link.submit(request, station.timeout(), new Attempt(tag, value, verified, done));
        return done;
    }

    private Request together(Request write, ModbusTag tag) {
        int[] values = new int[write.quantity()];
        write.values(values);
        ByteBuffer registers = ByteBuffer.allocate(2 * values.length);
        Arrays.stream(values).forEach(value -> registers.putShort((short) value));
        return Request.readWrite(station.unit(), tag.span().address(), tag.span().length(), write.address(), registers.array());
    }

    CompletionStage<Void> refuse(Reason reason, Tag tag, String why) {
        return CompletableFuture.failedFuture(
            new DeviceException(reason, "device " + station.device() + ", tag " + tag.name() + ": " + why));
    }

    /** One write on its way, and the reading that verifies it. */
    private final class Attempt implements ResponseHandler {
        private final ModbusTag tag;
        private final Value value;
        private final boolean verified;
        private final CompletableFuture<Void> done;

        Attempt(ModbusTag tag, Value value, boolean verified, CompletableFuture<Void> done) {
            this.tag = tag;
            this.value = value;
            this.verified = verified;
            this.done = done;
        }

        @Override
        public void answered(Request request, ByteBuffer data, int start) {
            if (!station.isBroadcast()) {
                status.answered();
            }
            if (!verified) {
                done.complete(null);
            } else if (!request.function().isRead()) {
                link.submit(tag.read(station.unit()), station.timeout(), this);
            } else if (tag.holds(value, data, start)) {
                done.complete(null);
            } else {
                done.completeExceptionally(new DeviceException(Reason.REJECTED, "device " + station.describe(request,
                    "the device has confirmed the write of " + value + " to " + tag.tag().name() + ", but holds "
                        + tag.decode(data, start, tag.span().address()).value() + " now")));
            }
        }

        @Override
        public void failed(Request request, Failure failure) {
            String text = failure.text();
            if (verified && request.function().isRead() && request.function() != FunctionCode.READ_WRITE_REGISTERS) {
                text += "; it was written, but could not be read back";
            } else if (failure.reason() == Reason.TIMEOUT) {
                text += "; it may have been written all the same";
            }
            String whole = station.describe(request, text);
            if (failure.reason() != Reason.PAUSED && failure.reason() != Reason.REJECTED) {
                status.failed(whole);
            }
            done.completeExceptionally(new DeviceException(failure.reason(), "tag " + tag.tag().name() + " of device " + whole));
        }
    }
}
