package org.voco4j.run;

import java.util.List;
import java.util.Map;
import org.voco4j.engine.tensor.Bf16Convolutions;

/**
 * Convolutions of a run in 16 bits that are computed in 32.
 *
 * @param names in words
 * @param of how many convolutions the run has
 */
public record WiderConvolutions(List<String> names, int of) {
    /** Those of this process so far. */
    public static WiderConvolutions here() {
        Map<String, Boolean> used = Bf16Convolutions.used();
        return new WiderConvolutions(used.keySet().stream().filter(used::get).toList(), used.size());
    }

    /** Notes them, and says them in a line where there are any. */
    public void tell(RunRecord record, RunLog log) {
        if (of == 0) { // nothing was computed yet: a run that is taken up after its last step
            return;
        }
        record.note("convolutionsIn32Bits", names);
        if (!names.isEmpty()) {
            log.say(names.size() + " of " + of + " convolutions are computed in 32 bits, since 16-bit kernels of this"
                    + " processor are wrong for them or for maps as short: " + String.join("; ", names) + ".");
        }
    }
}
