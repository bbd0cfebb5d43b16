// SPDX-License-Identifier: Apache-2.0
/**
 * The alert file: rules, silences and the webhook URL.
 *
 * <p>Data flow: file → {@code AlertFileParser} → {@code Tokenizer} → {@code RuleParser} and {@code SilenceParser} → {@link
 * io.tacho.aggregator.alert.rule.AlertConfig}.
 *
 * <p>A {@link io.tacho.aggregator.alert.rule.Rule} has a name and a {@link io.tacho.aggregator.alert.rule.Condition}; most conditions compare
 * a value with a {@link io.tacho.aggregator.alert.rule.Threshold}. The package {@code evaluate} evaluates rules, the package {@code notify}
 * sends notifications. This package knows neither.
 */
@NullMarked
package io.tacho.aggregator.alert.rule;

import org.jspecify.annotations.NullMarked;
