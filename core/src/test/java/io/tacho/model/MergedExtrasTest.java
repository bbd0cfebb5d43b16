// SPDX-License-Identifier: Apache-2.0
package io.tacho.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.sketch.Encoded;
import io.tacho.testing.Windows;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergedExtrasTest {

    private static Extras.Merged of(String name, Extra... extras) {
        Extras.Merged merged = Extras.Merged.NONE;
        for (Extra extra : extras) {
            merged = merged.with(Map.of(name, extra));
        }
        return merged;
    }

    @ParameterizedTest
    @CsvSource({"sum, 12", "max, 7", "last, 5"})
    void number_isMergedByItsRule(String rule, long merged) {
        assertThat(of("n", Extra.gauge(rule, 7), Extra.gauge(rule, 5)).byName())
                .containsExactly(Map.entry("n", Extra.gauge(rule, merged)));
    }

    @Test
    void sum_ofLargestValues_isBounded() {
        Extra largest = Extra.counter(Checks.MAX_VALUE, 1);

        assertThat(of("n", largest, largest).byName().get("n").value()).isEqualTo(Checks.MAX_VALUE);
    }

    @Test
    void histogram_invalid_isReplacedByValidOne() {
        Extra unreadable = new Extra(Extra.TIMER, Extra.HISTOGRAM, 0, null, Encoded.histogram(new byte[] {9}));
        Extra readable = Extra.timer(Windows.histogram(425));

        assertThat(of("n", unreadable, readable, unreadable).byName()).containsExactly(Map.entry("n", readable));
    }

    @Test
    void differentKindOrRule_isLeftOutAndCounted() {
        Extras.Merged merged = of("n", Extra.gauge(7), Extra.gauge(Extra.MAX, 9), Extra.counter(5, 5), Extra.gauge(1));

        assertThat(merged.byName()).containsExactly(Map.entry("n", Extra.gauge(8)));
        assertThat(merged.leftOut()).isEqualTo(2);
    }

    @Test
    void unknownRule_isIgnored() {
        assertThat(of("n", new Extra("gauge", "average", 7, null, null))).isEqualTo(Extras.Merged.NONE);
    }

    @Test
    void names_areBounded() {
        Map<String, Extra> many = new TreeMap<>();
        for (int i = 0; i <= Extras.Merged.MAX_NAMES; i++) {
            many.put("n" + i, Extra.gauge(1));
        }

        // the limit is 64 KiB; each name takes its length plus 256 bytes
        assertThat(Extras.Merged.NONE.with(many).byName()).hasSize(252);
        assertThat(Extras.Merged.NONE.with(many).leftOut()).isEqualTo(5);
        assertThatThrownBy(() -> new Extras.Merged(many, 0)).hasMessage("number of extras: 257 (expected: 0 to 256)");
    }

    @Test
    void memory_growsWithNamesAndHistograms() {
        ClusterWindow.Builder window = ClusterWindow.builder(new WindowSlot(60, 0));
        long without = window.build().memoryBytes();
        Extra timer = Extra.timer(Windows.histogram(1, 1_000_000));

        long more = window.extras(of("n", timer)).build().memoryBytes() - without;

        assertThat(more).isBetween(100L + Encoded.size(timer.durations()), 300L);
    }

    @Test
    void partOfWindow_scalesGauges() {
        Extras extras = new Extras(Map.of(
                "subs", Extra.gauge(100),
                "queue", Extra.gauge(Extra.MAX, 100),
                "jobs", Extra.counter(100, 100)));

        NodeWindow half = Windows.window(0, 30_000, 1).withExtras(extras);

        assertThat(half.weightedExtras().byName())
                .containsEntry("subs", Extra.gauge(50))
                .containsEntry("queue", Extra.gauge(Extra.MAX, 100))
                .containsEntry("jobs", Extra.counter(100, 100));
        assertThat(Windows.minute(0, 1).withExtras(extras).weightedExtras()).isEqualTo(extras);
    }
}
