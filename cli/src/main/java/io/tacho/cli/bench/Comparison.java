// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import io.tacho.cli.bench.Measurement.Better;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The comparison of two runs. Measurements with the same peer in both are compared by their ratios to it, which depend less on the
 * machine; others by their values, if machine, Java and Redis are the same.
 *
 * <p>A measurement is a regression if it is worse by more than {@value #TOLERANCE_PERCENT} %, and by more than the range of its
 * single runs, in whichever of both it is larger. One with a single value has to be worse by more than 25 %.
 */
final class Comparison {

    static final int TOLERANCE_PERCENT = 10;

    /** A measurement of both runs: what is compared, and how many times as much it is now. */
    private record Pair(Measurement measurement, String unit, double before, double now, double tolerance) {

        double change() {
            return now / before;
        }

        String verdict() {
            double worse = measurement.better() == Better.HIGHER ? before / now : now / before;
            return worse > 1 + tolerance ? "worse" : worse < 1 / (1 + tolerance) ? "better" : "same";
        }

        boolean isRegression() {
            return verdict().equals("worse");
        }
    }

    private final List<Pair> pairs = new ArrayList<>();
    private final int incomparable;

    Comparison(BenchResults before, BenchResults now) {
        boolean comparable = now.isComparable(before);
        Map<String, Measurement> earlier = before.measurements().stream()
                .collect(Collectors.toMap(Measurement::name, Function.identity(), (one, other) -> one));
        int skipped = 0;
        for (Measurement measurement : now.measurements()) {
            Measurement old = earlier.get(measurement.name());
            if (old == null || !old.unit().equals(measurement.unit())) {
                continue;
            }
            double tolerance = Math.max(TOLERANCE_PERCENT / 100.0, Math.max(old.spread(), measurement.spread()));
            String peer = measurement.peer();
            if (Objects.equals(peer, old.peer()) && hasRatio(old) && hasRatio(measurement)) {
                add(new Pair(
                        measurement,
                        "× " + peer,
                        old.ratioToPeer().orElseThrow(),
                        measurement.ratioToPeer().orElseThrow(),
                        tolerance));
            } else if (comparable) {
                add(new Pair(measurement, measurement.unit(), old.median(), measurement.median(), tolerance));
            } else {
                skipped++;
            }
        }
        incomparable = skipped;
    }

    private static boolean hasRatio(Measurement measurement) {
        return measurement.ratioToPeer().isPresent();
    }

    private void add(Pair pair) {
        if (pair.before() > 0 && pair.now() > 0) {
            pairs.add(pair);
        }
    }

    /** {@return the number of measurements that are worse} */
    long regressions() {
        return pairs.stream().filter(Pair::isRegression).count();
    }

    /** {@return a table in Markdown, and how many measurements could not be compared} */
    List<String> text() {
        List<String> lines = new ArrayList<>();
        lines.add("| measured | unit | before | now | now / before | tolerance | |");
        lines.add("|---|---|--:|--:|--:|--:|---|");
        for (Pair pair : pairs) {
            lines.add(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %.2f | %.0f %% | %s |",
                    pair.measurement().name(),
                    pair.unit(),
                    ResponseTable.number(pair.before()),
                    ResponseTable.number(pair.now()),
                    pair.change(),
                    100 * pair.tolerance(),
                    pair.verdict()));
        }
        lines.add("");
        lines.add(pairs.size() + " measurements of both runs compared, " + regressions() + " worse"
                + (incomparable == 0
                        ? ""
                        : "; " + incomparable + " without a peer left out: another machine, Java or Redis"));
        return lines;
    }
}
