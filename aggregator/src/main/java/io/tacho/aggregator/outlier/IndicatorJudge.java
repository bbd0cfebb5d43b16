// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.outlier;

import io.tacho.aggregator.outlier.Outlier.Method;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Judges the values of one indicator, see {@link OutlierDetector}.
 *
 * <p>Thread safety: confined to one thread.
 */
final class IndicatorJudge {

    private static final int MIN_PEERS_FOR_RATIO = 3;
    private static final double ENTER_SCORE = 4.5;
    private static final double LEAVE_SCORE = 3;
    private static final double MIN_SPREAD = 0.08;

    private final Indicator indicator;
    private final int index;
    private final double minDistance;
    /** By uid. */
    private final Map<String, Deviation> deviations = new HashMap<>();

    @SuppressWarnings("EnumOrdinal") // the place of the indicator in an array
    IndicatorJudge(Indicator indicator) {
        this.indicator = indicator;
        index = indicator.ordinal();
        minDistance = Math.log(indicator.minFactor());
    }

    /** {@return the nodes that deviate in enough consecutive windows} */
    Stream<Outlier> outliers() {
        return deviations.values().stream().map(Deviation::outlier).filter(Objects::nonNull);
    }

    /** Forgets all nodes but these. */
    void retain(Set<String> uids) {
        deviations.keySet().retainAll(uids);
    }

    /** Judges the nodes of a group that have a new window; all of the group are their peers. */
    void judge(PeerGroup group, Instant time) {
        int[] members = new int[group.size()];
        double[] logarithms = new double[group.size()];
        int count = 0;
        for (int member = 0; member < members.length; member++) {
            double value = group.get(member).values()[index];
            if (!Double.isNaN(value)) {
                members[count] = member;
                logarithms[count++] = Math.log(Math.max(value, indicator.floor()));
            } else if (!deviations.isEmpty()) {
                deviations.remove(group.get(member).uid());
            }
        }
        if (count < MIN_PEERS_FOR_RATIO) {
            for (int i = 0; i < count; i++) {
                deviations.remove(group.get(members[i]).uid());
            }
            return;
        }
        double[] scratch = new double[count];
        PeerStatistics all = PeerStatistics.of(logarithms, count, scratch);
        boolean isSpreadKnown = count >= OutlierDetector.MIN_PEERS;
        double spread = isSpreadKnown ? Math.max(all.deviation(), MIN_SPREAD) : 0;
        double bound = isSpreadKnown ? minDistance : 2 * minDistance;
        for (int i = 0; i < count; i++) {
            if (group.hasNewWindow(members[i])) {
                NodeSample sample = group.get(members[i]);
                double center = isSpreadKnown ? all.median() : medianOfOthers(logarithms, count, i, scratch);
                double distance = logarithms[i] - center;
                if (Math.abs(distance) < bound / 2 && !deviations.containsKey(sample.uid())) {
                    // as usual: whatever the spread is, nothing starts and nothing ends
                    continue;
                }
                double chance = indicator.samplingVariance(Math.exp(center), sample.bases()[index]);
                double spreads = Math.abs(distance) / Math.sqrt(spread * spread + chance);
                update(sample, new Comparison(center, distance, spreads, bound, count), time);
            }
        }
    }

    /**
     * A value compared with those of the peers, as logarithms.
     *
     * @param distance from the center
     * @param spreads the absolute distance as a number of spreads
     * @param bound the smallest distance of an outlier
     */
    private record Comparison(double center, double distance, double spreads, double bound, int peers) {

        boolean exceeds(double minSpreads, double minDistance, boolean isJudgedBelow) {
            return spreads >= minSpreads && (isJudgedBelow ? Math.abs(distance) : distance) >= minDistance;
        }
    }

    private static double medianOfOthers(double[] values, int count, int index, double[] scratch) {
        System.arraycopy(values, 0, scratch, 0, index);
        System.arraycopy(values, index + 1, scratch, index, count - 1 - index);
        return PeerStatistics.median(scratch, count - 1);
    }

    private void update(NodeSample sample, Comparison comparison, Instant time) {
        Deviation deviation = deviations.get(sample.uid());
        boolean isOutlier = deviation != null && deviation.isOutlier();
        double minSpreads = isOutlier ? LEAVE_SCORE : ENTER_SCORE;
        double minimum = isOutlier ? comparison.bound() / 2 : comparison.bound();
        if (comparison.exceeds(minSpreads, minimum, indicator.isJudgedBelow())) {
            if (deviation == null) {
                deviation = new Deviation(time);
                deviations.put(sample.uid(), deviation);
            }
            deviation.addDeviating(outlier(sample, comparison, deviation.since()));
        } else if (deviation != null && deviation.endsWithNormal()) {
            deviations.remove(sample.uid());
        }
    }

    private Outlier outlier(NodeSample sample, Comparison comparison, Instant since) {
        return new Outlier(
                sample.uid(),
                sample.name(),
                indicator,
                sample.values()[index],
                Math.exp(comparison.center()),
                Math.exp(comparison.distance()),
                comparison.peers(),
                comparison.peers() < OutlierDetector.MIN_PEERS ? Method.RATIO : Method.MEDIAN_DEVIATION,
                since);
    }
}
