package org.voco4j.engine.optim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.store.Tuple;
import org.voco4j.engine.tensor.Tensor;

/**
 * The state of {@link AdamW} as PyTorch's {@code optimizer.state_dict()} has it, and back, so that a run goes on in either.
 *
 * <p>PyTorch knows weights by their number, counted through all groups:
 *
 * <pre>
 *   state        {0: {step, exp_avg, exp_avg_sq, max_exp_avg_sq}, 1: …}     weights that were never moved have none
 *   param_groups [{params: [0, 1, …], lr, betas, eps, weight_decay, amsgrad, …}, …]
 * </pre>
 */
public final class TorchState {
    private static final List<String> ENTRIES = List.of("step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq");

    private TorchState() {}

    /**
     * The state of an optimiser for {@code org.voco4j.engine.store.TorchFile}; its tensors are not copied.
     *
     * @param rate the rate of the step to come, before the groups' factors
     */
    public static Map<String, Object> of(AdamW optimizer, double rate) {
        Map<String, Tensor> entries = optimizer.state();
        AdamW.Settings settings = optimizer.settings();
        Map<Long, Object> state = new LinkedHashMap<>();
        List<Object> groups = new ArrayList<>();
        long number = 0;
        for (AdamW.Group group : optimizer.groups()) {
            List<Object> params = new ArrayList<>();
            for (String name : group.names()) {
                Map<String, Tensor> own = new LinkedHashMap<>();
                for (String entry : ENTRIES) {
                    Tensor value = entries.get(name + "." + entry);
                    if (value != null) {
                        own.put(entry, value);
                    }
                }
                if (Objects.requireNonNull(own.get("step")).item() > 0) {
                    state.put(number, own);
                }
                params.add(number++);
            }
            groups.add(group(settings, rate * group.rateFactor(), group.decay(), params));
        }
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("state", state);
        whole.put("param_groups", groups);
        return whole;
    }

    private static Map<String, @Nullable Object> group(
            AdamW.Settings settings, double rate, double decay, List<Object> params) {
        Map<String, @Nullable Object> group = new LinkedHashMap<>();
        group.put("lr", rate);
        group.put("betas", Tuple.of(settings.beta1(), settings.beta2()));
        group.put("eps", settings.epsilon());
        group.put("weight_decay", decay);
        group.put("amsgrad", settings.amsgrad());
        group.put("maximize", false);
        group.put("foreach", null);
        group.put("capturable", false);
        group.put("differentiable", false);
        group.put("fused", null);
        group.put("decoupled_weight_decay", true);
        group.put("params", params);
        return group;
    }

    /**
     * Takes over a state that PyTorch wrote, for the same weights in the same groups and order.
     *
     * @param torch a state dictionary with its tensors read, as {@code WeightFile.readAll} gives it
     * @throws IllegalArgumentException if it is none, is of other groups or weights, or lacks an entry
     */
    public static void load(AdamW optimizer, Map<?, ?> torch) {
        if (!(torch.get("state") instanceof Map<?, ?> states)
                || !(torch.get("param_groups") instanceof List<?> groups)) {
            throw new IllegalArgumentException(
                    "expected an optimiser's state dictionary with state and param_groups, found " + torch.keySet());
        }
        if (groups.size() != optimizer.groups().size()) {
            throw new IllegalArgumentException("the optimiser state has " + groups.size()
                    + " groups of weights, expected " + optimizer.groups().size());
        }
        Map<String, Tensor> mine = optimizer.state();
        Map<String, Tensor> values = new LinkedHashMap<>();
        for (int i = 0; i < groups.size(); i++) {
            List<String> names = optimizer.groups().get(i).names();
            Object params = groups.get(i) instanceof Map<?, ?> group ? group.get("params") : null;
            if (!(params instanceof List<?> numbers) || numbers.size() != names.size()) {
                throw new IllegalArgumentException("group " + i + " of the optimiser state has the weights " + params
                        + ", expected " + names.size());
            }
            for (int k = 0; k < names.size(); k++) {
                take(names.get(k), states.get(numbers.get(k)), mine, values);
            }
        }
        optimizer.load(values);
    }

    /** The entries of one weight by our names; zeros for one that PyTorch never moved. */
    private static void take(
            String name, @Nullable Object state, Map<String, Tensor> mine, Map<String, Tensor> values) {
        for (String entry : ENTRIES) {
            Tensor own = mine.get(name + "." + entry);
            if (own == null) {
                continue; // what another setting would need
            }
            Object value = state instanceof Map<?, ?> entries
                    ? entries.get(entry)
                    : own.detach().times(0);
            Tensor tensor =
                    value instanceof Number number ? own.detach().times(0).plus(number.doubleValue()) : null;
            if (value instanceof Tensor given && Arrays.equals(given.shape(), own.shape())) {
                tensor = given;
            }
            if (tensor == null) {
                throw new IllegalArgumentException(
                        "the optimiser state has for " + name + " as " + entry + " " + value + ", expected " + own);
            }
            values.put(name + "." + entry, tensor);
        }
    }
}
