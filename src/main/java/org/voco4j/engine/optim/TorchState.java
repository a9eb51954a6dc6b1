package org.voco4j.engine.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.store.Tuple;
import org.voco4j.engine.tensor.Tensor;

/**
 * The state of {@link AdamW} as PyTorch's {@code optimizer.state_dict()} has it, so that a run can go on there.
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
}
