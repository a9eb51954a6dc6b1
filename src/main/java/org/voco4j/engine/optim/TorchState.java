package org.voco4j.engine.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Tensor;

/**
 * The state of an optimiser as PyTorch's {@code optimizer.state_dict()} has it, so that a run can go on there.
 *
 * <p>PyTorch knows weights by their number, counted through all groups; of AdamW:
 *
 * <pre>
 *   state        {0: {step, exp_avg, exp_avg_sq, max_exp_avg_sq}, 1: …}     weights that were never moved have none
 *   param_groups [{params: [0, 1, …], lr, betas, eps, weight_decay, amsgrad, …}, …]
 * </pre>
 */
public final class TorchState {
    private TorchState() {}

    /**
     * The state of an optimiser for {@code org.voco4j.engine.store.TorchFile}; its tensors are not copied.
     *
     * @param rate the rate of the step to come, before the groups' factors
     */
    public static Map<String, Object> of(Optimizer optimizer, double rate) {
        Map<Long, Object> state = new LinkedHashMap<>();
        List<Object> groups = new ArrayList<>();
        long number = 0;
        for (Optimizer.Group group : optimizer.groups()) {
            List<Object> params = new ArrayList<>();
            for (Optimizer.Slot slot : group.slots()) {
                if (optimizer.hasMoved(slot)) {
                    Map<String, Tensor> own = new LinkedHashMap<>();
                    for (int i = 0; i < slot.kept().size(); i++) {
                        own.put(optimizer.entries().get(i), slot.kept().get(i));
                    }
                    state.put(number, own);
                }
                params.add(number++);
            }
            groups.add(group(optimizer, rate * group.rateFactor(), group.decay(), params));
        }
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("state", state);
        whole.put("param_groups", groups);
        return whole;
    }

    private static Map<String, @Nullable Object> group(
            Optimizer optimizer, double rate, double decay, List<Object> params) {
        Map<String, @Nullable Object> group = new LinkedHashMap<>();
        group.put("lr", rate);
        group.putAll(optimizer.torchOptions());
        group.put("weight_decay", decay);
        group.put("maximize", false);
        group.put("foreach", null);
        group.put("differentiable", false);
        group.put("fused", null);
        group.put("params", params);
        return group;
    }
}
