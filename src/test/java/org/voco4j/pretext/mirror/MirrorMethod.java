package org.voco4j.pretext.mirror;

import org.voco4j.pretext.MethodAbout;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.PretextTask;
import org.voco4j.pretext.Setup;

/** Mirrored crops as a method of pre-training. */
final class MirrorMethod extends PretextMethod<MirrorSettings> {
    MirrorMethod() {
        super(
                "mirror",
                new MethodAbout("mirror", "was a crop mirrored", "no paper", "an example", MethodAbout.ALL),
                MirrorSettings.class);
    }

    @Override
    public PretextTask task(MirrorSettings settings, Setup setup) {
        return new Mirror(settings, setup);
    }
}
