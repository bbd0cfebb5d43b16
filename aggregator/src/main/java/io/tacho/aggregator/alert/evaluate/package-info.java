// SPDX-License-Identifier: Apache-2.0
/**
 * Rule evaluation and the state of alerts.
 *
 * <p>Data flow: cluster view → {@link io.tacho.aggregator.alert.evaluate.EvaluationContext} → one {@link
 * io.tacho.aggregator.alert.evaluate.RuleEvaluator} per rule → {@link io.tacho.aggregator.alert.evaluate.Violation}s → {@link
 * io.tacho.aggregator.alert.evaluate.AlertReconciler} → {@link io.tacho.aggregator.alert.evaluate.UnstoredAlertChanges} → {@link
 * io.tacho.aggregator.alert.evaluate.AlertStoreClient} → alert store.
 *
 * <p>Every aggregator evaluates all rules. Only the leader changes the shared alerts. The package {@code notify} calls this package once
 * a second.
 */
@NullMarked
package io.tacho.aggregator.alert.evaluate;

import org.jspecify.annotations.NullMarked;
