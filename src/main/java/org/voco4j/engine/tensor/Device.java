package org.voco4j.engine.tensor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * Where a tensor lives: the processor or one CUDA card.
 *
 * @param name {@code cpu} or {@code cuda:n}
 */
public record Device(String name) {
    /** The processor. */
    public static final Device CPU = new Device("cpu");

    private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");

    /**
     * Reads {@code cpu}, {@code cuda}, {@code cuda:n} or {@code auto} (the first card if there is one).
     *
     * @throws IllegalArgumentException if the text is none of these, or the card is not there
     */
    public static Device parse(String text) {
        if (text.equals("cpu")) {
            return CPU;
        }
        Engine.load();
        long cards = cards();
        if (text.equals("auto")) {
            return cards > 0 ? new Device("cuda:0") : CPU;
        }
        Matcher match = CUDA.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("device '" + text + "' is unknown; use cpu, cuda, cuda:n or auto");
        }
        int card = match.group(1) == null ? 0 : Integer.parseInt(match.group(1));
        if (card >= cards) {
            throw new IllegalArgumentException(
                    "device '" + text + "' is not here: " + cards
                            + " CUDA cards are visible to this build (VOCO_MAVEN_ARGS=-Pgpu ./voco info fetches the CUDA libraries)");
        }
        return new Device("cuda:" + card);
    }

    /** Whether this is the processor. */
    public boolean isCpu() {
        return name.equals("cpu");
    }

    /** CUDA cards this build can use; the classes behind it exist only where the GPU artifacts do. */
    private static long cards() {
        return Context.hasCUDA() ? torch_cuda.device_count() : 0;
    }

    static Device of(org.bytedeco.pytorch.Device device) {
        return device.is_cpu() ? CPU : new Device(device.str().getString());
    }

    org.bytedeco.pytorch.Device handle() {
        return new org.bytedeco.pytorch.Device(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
