// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.source.centrifugo;

import io.tacho.agent.source.scrape.Increase;
import io.tacho.agent.source.scrape.Labels;
import io.tacho.agent.source.scrape.Scrape;
import io.tacho.model.Extra;
import io.tacho.model.Extras;
import io.tacho.sketch.DurationHistogram;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What operators of a Centrifugo ask for in addition to the 22 fields, as far as its version reports it. */
final class CentrifugoExtras {

    /** A label's values that are published at most, those with the largest numbers. */
    private static final int MAX_VALUES = 12;

    private static final Pattern UNPRINTABLE = Pattern.compile("[\"\\\\\\p{Cntrl}]");
    private static final int MAX_LABEL_LENGTH = 24;

    /** The name of all clients whose names the server does not report. */
    private static final String UNREGISTERED = "unregistered";

    private CentrifugoExtras() {}

    /** Returns the current values. */
    static Extras gauges(Scrape scrape) {
        Map<String, Extra> extras = new TreeMap<>();
        OptionalDouble subscriptions = scrape.sum("node_num_subscriptions");
        if (subscriptions.isEmpty()) {
            subscriptions = scrape.sum("client_subscriptions_inflight");
        }
        subscriptions.ifPresent(number -> extras.put("num_subs", Extra.gauge(Math.round(number))));
        Map<String, Double> clients = new HashMap<>();
        scrape.own("client_connections_inflight").forEach((labels, number) -> {
            String name = label(labels, "client_name");
            if (name != null && !name.equals(UNREGISTERED) && number > 0) {
                String version = label(labels, "client_version");
                clients.merge(
                        "clients{name=\"" + name + '"' + (version == null ? "" : ",version=\"" + version + '"') + '}',
                        number,
                        Double::sum);
            }
        });
        addLargest(extras, clients, (name, number) -> Extra.gauge(Math.round(number)));
        return new Extras(extras);
    }

    /** Returns the events of a window. */
    static Extras window(Increase increase) {
        Map<String, Extra> extras = new TreeMap<>();
        addConnects(extras, increase);
        addCounters(extras, increase, "client_num_server_disconnects", "disconnects", "code");
        addCounters(extras, increase, "client_num_server_unsubscribes", "unsubscribes", "code");
        addCounters(extras, increase, "client_recover", "recoveries", "recovered");
        addTimes(extras, increase, "node_pub_sub_lag_seconds", "pub_sub_lag");
        addTimes(extras, increase, "client_ping_pong_duration_seconds", "ping_pong");
        return new Extras(extras);
    }

    /** Adds the connects; before 6.9 those of unidirectional clients are not counted, and from 6.0 on only the commands are. */
    private static void addConnects(Map<String, Extra> extras, Increase increase) {
        Scrape now = increase.now();
        String commands = CommandTimes.CLIENT.summary() + "_count";
        if (now.has("client_connections_accepted")) {
            addConnects(extras, increase, "client_connections_accepted", labels -> true);
        } else if (now.has("transport_connect_count")) {
            addConnects(extras, increase, "transport_connect_count", labels -> true);
        } else if (now.has(commands)) {
            addConnects(extras, increase, commands, labels -> "connect".equals(labels.get("method")));
        }
    }

    private static void addConnects(
            Map<String, Extra> extras, Increase increase, String metric, Predicate<Labels> counted) {
        extras.put(
                "connects",
                Extra.counter(
                        Math.round(increase.of(metric, counted)),
                        Math.round(increase.now().sum(metric, counted).orElse(0))));
    }

    /** Adds a counter for each value of a label. */
    private static void addCounters(
            Map<String, Extra> extras, Increase increase, String metric, String name, String label) {
        Map<String, Double> increases = new HashMap<>();
        Map<String, Double> totals = new HashMap<>();
        increase.now().own(metric).forEach((labels, total) -> {
            String value = label(labels, label);
            if (value != null && Double.isFinite(total)) {
                String key = name + '{' + label + "=\"" + value + "\"}";
                increases.merge(key, increase.ofSeries(metric, labels), Double::sum);
                totals.merge(key, total, Double::sum);
            }
        });
        addLargest(
                extras,
                totals,
                (key, total) -> Extra.counter(Math.round(increases.getOrDefault(key, 0.0)), Math.round(total)));
    }

    private static void addTimes(Map<String, Extra> extras, Increase increase, String metric, String name) {
        DurationHistogram durations = increase.durations(metric, labels -> true);
        if (durations != null) {
            extras.put(name, Extra.timer(durations));
        }
    }

    private static void addLargest(
            Map<String, Extra> extras, Map<String, Double> numbers, BiFunction<String, Double, Extra> extra) {
        numbers.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MAX_VALUES)
                .forEach(entry -> extras.put(entry.getKey(), extra.apply(entry.getKey(), entry.getValue())));
    }

    /** Returns a label's value as part of a name; null if it is missing or empty. */
    private static @Nullable String label(Labels labels, String name) {
        String value = labels.get(name);
        if (value == null || value.isEmpty()) {
            return null;
        }
        String printable = UNPRINTABLE.matcher(value).replaceAll("_");
        return printable.length() > MAX_LABEL_LENGTH ? printable.substring(0, MAX_LABEL_LENGTH) : printable;
    }
}
