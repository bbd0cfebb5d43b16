// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.outlier;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Nodes with realistic variation: nodes differ slightly in speed and size, each window is noisy, load follows the time of
 * day, memory goes up and down with garbage collection, and now and then a single window of a node has a spike.
 */
final class SimulatedCluster {

    /** A fault of one node. */
    enum Fault {
        SLOW(Indicator.CLIENT_LATENCY),
        LEAKING(Indicator.MEMORY),
        HOT(Indicator.CPU_USAGE),
        RECEIVES_HALF(Indicator.MESSAGES_PER_CLIENT),
        SILENT(Indicator.MESSAGES_PER_CLIENT),
        WRONG_VERSION(Indicator.VERSION);

        final Indicator indicator;

        Fault(Indicator indicator) {
            this.indicator = indicator;
        }
    }

    static final int WINDOWS_PER_DAY = 24 * 60;

    private static final double SPIKES = 0.001;
    private static final int FAULTY_NODE = 0;

    private final Random random;
    private final double[][] factors;
    private long window;
    private Fault fault;
    private int faultyWindows;

    SimulatedCluster(int nodes, long seed) {
        random = new Random(seed);
        factors = new double[nodes][Indicator.ALL.size()];
        for (double[] node : factors) {
            for (int i = 0; i < node.length; i++) {
                node[i] = spread(0.08);
            }
        }
        window = random.nextInt(WINDOWS_PER_DAY);
    }

    /** From the next window on, the first node has a fault. */
    void inject(Fault injected) {
        fault = injected;
    }

    static String faultyUid() {
        return "node-" + FAULTY_NODE;
    }

    /** Returns the samples of the next window of one minute. */
    List<NodeSample> nextWindow() {
        window++;
        faultyWindows += fault == null ? 0 : 1;
        double load = 0.6 - 0.4 * Math.cos(2 * Math.PI * window / WINDOWS_PER_DAY);
        List<NodeSample> samples = new ArrayList<>(factors.length);
        for (int i = 0; i < factors.length; i++) {
            samples.add(sample("node-" + i, factors[i], load, i == FAULTY_NODE ? fault : null));
        }
        return samples;
    }

    private NodeSample sample(String uid, double[] factor, double load, Fault ownFault) {
        double clients = Math.round(1_000 * load * factor[Indicator.CLIENTS.ordinal()] * spread(0.02));
        double apiRequests = count(600 * load);
        double clientRequests = count(clients * 6 * factor[Indicator.REQUESTS_PER_CLIENT.ordinal()]);
        double sent = count(clients
                * 60
                * factor[Indicator.MESSAGES_PER_CLIENT.ordinal()]
                * (ownFault == Fault.RECEIVES_HALF ? 0.5 : ownFault == Fault.SILENT ? 0 : 1));
        double spike = random.nextDouble() < SPIKES ? 6 : 1;
        double slow = ownFault == Fault.SLOW ? 4 : 1;
        double[] values = new double[Indicator.ALL.size()];
        double[] bases = new double[values.length];
        for (Indicator indicator : Indicator.ALL) {
            double own = factor[indicator.ordinal()];
            values[indicator.ordinal()] = switch (indicator) {
                case API_LATENCY -> 4e6 * own * slow * spike * spread(1.5 / Math.sqrt(apiRequests));
                case CLIENT_LATENCY -> 1e6 * own * slow * spike * spread(1.5 / Math.sqrt(clientRequests));
                case CPU_USAGE -> (5 + 120 * load) * own * spike * spread(0.1) * (ownFault == Fault.HOT ? 4 : 1);
                case MEMORY ->
                    400e6
                            * own
                            * (1 + 0.3 * random.nextDouble())
                            * (ownFault == Fault.LEAKING ? 2.5 + 0.2 * faultyWindows : 1);
                case THREADS -> 300 * own * spread(0.05);
                case CLIENTS -> clients;
                case MESSAGES_PER_CLIENT -> sent / clients;
                case REQUESTS_PER_CLIENT -> clientRequests / clients;
                case VERSION -> throw new IllegalStateException("a version is no number");
            };
            bases[indicator.ordinal()] = switch (indicator) {
                case API_LATENCY -> apiRequests;
                case CLIENT_LATENCY -> clientRequests;
                case MESSAGES_PER_CLIENT, REQUESTS_PER_CLIENT -> clients;
                default -> 0;
            };
        }
        String version = ownFault == Fault.WRONG_VERSION ? "6.1.0" : "6.2.0";
        return new NodeSample(uid, uid, "", version, window, values, bases);
    }

    /** Returns a random factor whose logarithm has this standard deviation. */
    private double spread(double deviation) {
        return Math.exp(deviation * random.nextGaussian());
    }

    /** Returns a random number of independent events. */
    private double count(double expected) {
        return Math.max(0, Math.round(expected + Math.sqrt(expected) * random.nextGaussian()));
    }
}
