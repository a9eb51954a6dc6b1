package org.voco4j.run;

/** To whom a run speaks while it works: the terminal, a test, a program around it. */
public interface RunLog {

    /** Something worth a line. */
    void say(String sentence);

    /** Something the user must not miss. */
    void warn(String sentence);

    /**
     * A step was taken.
     *
     * @param step steps done
     * @param steps steps in all
     * @param loss the loss of this step
     * @param cropsPerSecond since the last call
     * @param secondsLeft as predicted from the steps so far
     */
    void progress(int step, int steps, double loss, double cropsPerSecond, double secondsLeft);

    /** The run measured itself. */
    void looked(Look look);
}
