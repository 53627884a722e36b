// SPDX-License-Identifier: Apache-2.0
package edge.demo.plant;

import edge.drivers.modbus.codec.ExceptionCode;
import edge.drivers.modbus.codec.ExceptionResponse;
import edge.drivers.modbus.codec.Table;
import edge.drivers.modbus.server.Memory;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

/**
 * The plant as a Modbus client sees it. Unit 1 is the pump station, unit 2 the energy meter; the addresses are in
 * {@code edge.demo/README.md}. Safe on every thread: a request sees one moment of the plant.
 */
final class PlantMemory implements Memory {

    private static final int STATION = 1;
    private static final int METER = 2;
    private static final double TENTH = 0.1;

    // All guarded by this.
    private final Random random;
    private final PumpStation station = new PumpStation();
    private final EnergyMeter meter;
    private final Map<Table, Cells> stationCells = new EnumMap<>(Table.class);
    private final Map<Table, Cells> meterCells = new EnumMap<>(Table.class);

    PlantMemory(long seed) {
        random = new Random(seed);
        meter = new EnergyMeter(random);
        stationCells.put(Table.COIL, new Cells(4));
        stationCells.put(Table.DISCRETE, new Cells(7));
        stationCells.put(Table.INPUT, new Cells(20));
        stationCells.put(Table.HOLDING, new Cells(2));
        meterCells.put(Table.INPUT, new Cells(22));
        step(TENTH);
    }

    /** Lets time pass. */
    synchronized void step(double seconds) {
        station.step(seconds);
        meter.step(seconds, station.power());
        fillStation();
        fillMeter();
    }

    private double noise(double deviation) {
        return random.nextGaussian() * deviation;
    }

    private void fillStation() {
        fillSettings();
        Cells bits = stationCells.get(Table.DISCRETE);
        bits.bit(0, station.isTurning());
        bits.bit(1, station.isLevelLow());
        bits.bit(2, station.isLevelHigh());
        bits.bit(3, station.isRunningDry());
        bits.bit(4, station.isOverloaded());
        bits.bit(5, station.isTripped());
        bits.bit(6, station.isHeating());
        Cells input = stationCells.get(Table.INPUT);
        input.scaled16(0, Math.max(0, station.level() + noise(0.08)), TENTH);
        input.scaled16(1, station.temperature() + noise(0.05), TENTH);
        input.scaled16(2, station.inletTemperature() + noise(0.05), TENTH);
        input.scaled16(3, station.valve(), TENTH);
        input.float32(4, Math.max(0, station.flow() + (station.flow() > 0.5 ? noise(0.15) : 0)));
        input.float32(6, station.pressure() + noise(0.01));
        input.float32(8, Math.max(0, station.current() + (station.isTurning() ? noise(0.06) : 0)));
        input.scaled16(10, station.speed(), TENTH);
        input.scaled16(11, alarms(), 1);
        input.uint32(12, (long) station.running());
        input.uint64(14, (long) station.energy());
        input.uint32(18, station.starts());
    }

    private void fillSettings() {
        Cells coils = stationCells.get(Table.COIL);
        coils.bit(0, station.isPumpOn());
        coils.bit(1, station.isInletOpen());
        coils.bit(2, station.isHeaterOn());
        coils.bit(3, false);
        Cells holding = stationCells.get(Table.HOLDING);
        holding.scaled16(0, station.speedSetpoint(), TENTH);
        holding.scaled16(1, station.temperatureSetpoint(), TENTH);
    }

    private int alarms() {
        return (station.isLevelLow() ? 1 : 0) | (station.isLevelHigh() ? 2 : 0) | (station.isRunningDry() ? 4 : 0)
            | (station.isOverloaded() ? 8 : 0) | (station.isTripped() ? 16 : 0);
    }

    private void fillMeter() {
        Cells input = meterCells.get(Table.INPUT);
        for (int phase = 0; phase < 3; phase++) {
            input.float32LowFirst(2 * phase, meter.voltage(phase));
            input.float32LowFirst(6 + 2 * phase, meter.current(phase));
        }
        input.float32LowFirst(12, meter.power());
        input.float32LowFirst(14, meter.powerFactor());
        input.float32LowFirst(16, meter.frequency());
        input.uint64(18, (long) meter.energy());
    }

    @Override
    public synchronized void read(int unit, Table table, int address, int count, int[] into) throws ExceptionResponse {
        cells(unit, table, address, count).copy(address, count, into);
    }

    @Override
    public synchronized void write(int unit, Table table, int address, int count, int[] values) throws ExceptionResponse {
        cells(unit, table, address, count);
        for (int i = 0; i < count; i++) {
            check(table, address + i, values[i]);
        }
        for (int i = 0; i < count; i++) {
            set(table, address + i, values[i]);
        }
        fillSettings();
    }

    private Cells cells(int unit, Table table, int address, int count) throws ExceptionResponse {
        if (unit != STATION && unit != METER) {
            throw new ExceptionResponse(ExceptionCode.GATEWAY_TARGET_FAILED);
        }
        Cells cells = (unit == STATION ? stationCells : meterCells).get(table);
        if (cells == null) {
            throw new ExceptionResponse(ExceptionCode.ILLEGAL_FUNCTION);
        }
        if (address + count > cells.size()) {
            throw new ExceptionResponse(ExceptionCode.ILLEGAL_DATA_ADDRESS);
        }
        return cells;
    }

    private static void check(Table table, int address, int value) throws ExceptionResponse {
        if (table == Table.HOLDING && (address == 0 ? value > 1000 : value < 50 || value > 850)) {
            throw new ExceptionResponse(ExceptionCode.ILLEGAL_DATA_VALUE);
        }
    }

    private void set(Table table, int address, int value) {
        if (table == Table.HOLDING) {
            if (address == 0) {
                station.speedSetpoint(value * TENTH);
            } else {
                station.temperatureSetpoint(value * TENTH);
            }
            return;
        }
        boolean on = value != 0;
        switch (address) {
            case 0 -> station.pump(on);
            case 1 -> station.inlet(on);
            case 2 -> station.heater(on);
            default -> {
                if (on) {
                    station.acknowledge();
                }
            }
        }
    }
}
