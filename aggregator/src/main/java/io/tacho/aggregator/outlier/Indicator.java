// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.outlier;

import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.QualityFlags;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A quantity by which a node is compared with its peers: a field, or a field divided by another one, so that nodes with different
 * numbers of clients are comparable.
 *
 * <p>Deviations are factors: twice the median deviates as much as half of it. Values below {@link #floor} count as the floor, because
 * the factor between two tiny values means nothing.
 */
public enum Indicator {
    API_LATENCY(Field.TIME_API_MEAN, Field.NUM_API_REQUESTS, Base.WEIGHT, 500_000, 2, Side.ABOVE),
    CLIENT_LATENCY(Field.TIME_CLIENT_MEAN, Field.NUM_CLIENT_REQUESTS, Base.WEIGHT, 500_000, 2, Side.ABOVE),
    CPU_USAGE(Field.CPU_USAGE, null, Base.NONE, 20, 2, Side.ABOVE),
    MEMORY(Field.MEMORY_SYS, null, Base.NONE, 64 << 20, 1.6, Side.ABOVE),
    THREADS(Field.NUM_GOROUTINE, null, Base.NONE, 100, 2.5, Side.ABOVE),
    CLIENTS(Field.NUM_CLIENTS, null, Base.NONE, 100, 2.5, Side.ABOVE),
    MESSAGES_PER_CLIENT(Field.NUM_MSG_SENT, Field.NUM_CLIENTS, Base.DIVISOR, 0.05, 1.5, Side.BOTH),
    REQUESTS_PER_CLIENT(Field.NUM_CLIENT_REQUESTS, Field.NUM_CLIENTS, Base.DIVISOR, 0.05, 2.5, Side.BOTH),
    /** The software version: the number of nodes that run it, compared with that of the version that most run. */
    VERSION;

    /** The role of the second field of an indicator. */
    private enum Base {
        NONE,
        /** The value is divided by it. */
        DIVISOR,
        /** The number of events of which the value is the mean. */
        WEIGHT
    }

    private enum Side {
        ABOVE,
        BOTH
    }

    /** All indicators with numbers of nodes, in the order in which they are reported. */
    static final List<Indicator> ALL =
            Stream.of(values()).filter(indicator -> indicator != VERSION).toList();

    /** The squared coefficient of variation that is assumed for single response times, which are spread widely. */
    private static final double RESPONSE_TIME_VARIANCE = 4;

    private static final double SECONDS_PER_MINUTE = 60;
    private static final long MIN_REQUESTS = 20;
    private static final long MIN_CLIENTS = 5;

    private final @Nullable Field field;
    private final @Nullable Field baseField;
    private final Base base;
    private final double floor;
    private final double minFactor;
    private final Side side;

    Indicator() {
        this(null, null, Base.NONE, 0, 1, Side.BOTH);
    }

    Indicator(@Nullable Field field, @Nullable Field baseField, Base base, double floor, double minFactor, Side side) {
        this.field = field;
        this.baseField = baseField;
        this.base = base;
        this.floor = floor;
        this.minFactor = minFactor;
        this.side = side;
    }

    /** {@return the name in the API, e.g. {@code api_latency}} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return the wire name of what is compared: a field, or {@code version}} */
    public String fieldName() {
        return field == null ? label() : field.wireName();
    }

    /** {@return whether the value is the field per client of the node} */
    public boolean isPerClient() {
        return base == Base.DIVISOR;
    }

    /** {@return the smallest value that is distinguished from 0, in the unit of the value} */
    double floor() {
        return floor;
    }

    /** {@return the smallest factor that is an outlier, above 1} */
    double minFactor() {
        return minFactor;
    }

    /** {@return whether values below the median can be outliers} */
    boolean isJudgedBelow() {
        return side == Side.BOTH;
    }

    /**
     * Returns the value of a node: nanoseconds, bytes, percent of a core, a number, or events per client and minute.
     *
     * @param intervalSeconds the length of the node's window
     * @return NaN if the node has no comparable value: its source does not report it, or too little happened
     */
    double valueOf(NodeSnapshot snapshot, QualityFlags quality, long intervalSeconds) {
        if (field == null || !quality.isCurrent(field)) {
            return Double.NaN;
        }
        double value = snapshot.number(field);
        if (baseField == null) {
            return value;
        }
        long count = snapshot.number(baseField);
        if (!quality.isCurrent(baseField) || count < (base == Base.DIVISOR ? MIN_CLIENTS : MIN_REQUESTS)) {
            return Double.NaN;
        }
        return base == Base.DIVISOR ? value / baseOf(snapshot, intervalSeconds) : value;
    }

    /** {@return the client minutes or requests on which the value of a node is based; 0 if it is based on none} */
    double baseOf(NodeSnapshot snapshot, long intervalSeconds) {
        if (baseField == null) {
            return 0;
        }
        double count = snapshot.number(baseField);
        return base == Base.DIVISOR ? count * intervalSeconds / SECONDS_PER_MINUTE : count;
    }

    /**
     * Returns the variance of the logarithm of a value that chance alone causes, because the value is based on a limited number of
     * events.
     *
     * @param median the value of the peers
     * @param nodeBase the result of {@link #baseOf}
     */
    double samplingVariance(double median, double nodeBase) {
        return switch (base) {
            case NONE -> 0;
            case DIVISOR -> 1 / Math.max(1, Math.max(median, floor) * nodeBase);
            case WEIGHT -> RESPONSE_TIME_VARIANCE / nodeBase;
        };
    }
}
