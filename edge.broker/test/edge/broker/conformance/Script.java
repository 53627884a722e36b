// SPDX-License-Identifier: Apache-2.0
package edge.broker.conformance;

import java.util.List;

/**
 * What is played by {@link MosquittoOracleTest}.
 *
 * @param text lines as {@link Exchange} has them
 */
record Script(String name, String text) {

    private static final String A = "a> 10 [s'MQTT' 04 02 003c s'%1$s-a']\n";
    private static final String B = "b> 10 [s'MQTT' 04 02 003c s'%1$s-b']\n";

    static final List<Script> ALL = List.of(
        of("connect", """
            a> 10 [s'MQTT' 04 02 003c s'connect']
            a> e0 00
            b> 10 [s'MQTT' 04 00 003c s'connect']
            b> e0 00
            c> 10 [s'MQTT' 04 00 003c s'connect']
            c!
            d> 10 [s'MQTT' 04 02 0000 s'connect']
            d> e0 00
            e> 10 [s'MQTT' 04 02 003c s'']
            f> 10 [s'MQTT' 04 00 003c s'']
            g> 10 [s'MQTT' 04 06 003c s'connect-g' s'will' s'']
            h> 10 [s'MQIsdp' 03 02 003c s'old']
            """),
        of("connect refused", """
            a> 10 [s'MQTT' 06 02 003c s'a']
            b> 10 [s'MQTT' 02 02 003c s'a']
            c> 10 [s'MQTT' 04 03 003c s'a']
            d> 10 [s'MQTT' 04 0a 003c s'a']
            e> 10 [s'MQTT' 04 1e 003c s'a' s'w' s'm']
            f> 10 [s'MQTT' 04 22 003c s'a']
            g> 10 [s'MQTT' 04 42 003c s'a' s'secret']
            h> 10 [s'MQTT' 04 06 003c s'a' s'w']
            i> 10 [s'MQTT' 04 02 003c s'a' s'more']
            j> 10 [s'MQTT' 04 02 003c 0003 61c328]
            k> 30 [s'a' 'x']
            l> c0 00
            """),
        of("a second connect", A + "a> 10 [s'MQTT' 04 02 003c s'%1$s-a']\n"),
        of("taken over", A + "b> 10 [s'MQTT' 04 02 003c s'%1$s-a']\n"),
        of("subscribe and unsubscribe", A + B + """
            a> 82 [0001 s'x' 00 s'y/+' 01 s'z/#' 02]
            b> 30 [s'x' '0']
            b> 32 [s'y/1' 0001 '1']
            b> 34 [s'z/1' 0002 '2'] 62 02 0002
            a> 40 02 0001
            a> 50 02 0002
            a> 70 02 0002
            a> 82 [0002 s'y/+' 00]
            b> 32 [s'y/1' 0003 '1']
            a> a2 [0003 s'x' s'nothing']
            a> a2 [0004 s'never']
            b> 30 [s'x' '0']
            a> a2 [0005 s'y/+' s'z/#']
            b> 32 [s'z/1' 0004 '2']
            """),
        of("every QoS to every QoS", A + B + """
            a> 82 [0001 s'q/0' 00 s'q/1' 01 s'q/2' 02]
            b> 30 [s'q/0' '0'] 30 [s'q/1' '0'] 30 [s'q/2' '0']
            b> 32 [s'q/0' 0001 '1'] 32 [s'q/1' 0002 '1'] 32 [s'q/2' 0003 '1']
            a> 40 02 0001 40 02 0002
            b> 34 [s'q/0' 0004 '2'] 62 02 0004
            b> 34 [s'q/1' 0005 '2'] 62 02 0005
            a> 40 02 0003
            b> 34 [s'q/2' 0006 '2'] 62 02 0006
            a> 50 02 0004
            a> 70 02 0004
            b> 62 02 0009
            """),
        of("sizes", A + B + """
            a> 82 [0001 s's' 00]
            b> 30 [s's']
            b> 30 [s's' 'x'*124]
            b> 30 [s's' 'x'*125]
            b> 30 [s's' 'x'*16380]
            b> 30 [s's' 'x'*16381]
            b> 30 [s's' 'x'*300000]
            """),
        of("a filter and its topics", A + B + """
            a> 82 [0001 s'f/+/x' 00]
            b> 30 [s'f/1/x' '1'] 30 [s'f//x' '2'] 30 [s'f/x' '3'] 30 [s'f/1/2/x' '4']
            a> a2 [0002 s'f/+/x']
            a> 82 [0003 s'f/#' 00]
            b> 30 [s'f' '1'] 30 [s'f/' '2'] 30 [s'ff' '3'] 30 [s'f/a/b/c' '4'] 30 [s'F/a' '5']
            a> a2 [0004 s'f/#']
            a> 82 [0005 s'+/f' 00]
            b> 30 [s'/f' '1'] 30 [s'f/f' '2'] 30 [s'$f/f' '3'] 30 [s'f' '4']
            a> a2 [0006 s'+/f']
            a> 82 [0007 s'+' 00]
            b> 30 [s'f' '1'] 30 [s'/f' '2'] 30 [s'$f' '3'] 30 [0002 c3a9 '4'] 30 [0004 efbbbf66 '5']
            a> a2 [0008 s'+']
            a> 82 [0009 s'/+' 00]
            b> 30 [s'/f' '1'] 30 [s'f' '2'] 30 [s'/' '3'] 30 [s'//' '4']
            """),
        of("retained", A + B + """
            b> 31 [s'r/a' 'zero']
            b> 33 [s'r/b' 0001 'one']
            b> 35 [s'r/c' 0002 'two']
            b> 62 02 0002
            a> 82 [0001 s'r/a' 02]
            a> 82 [0002 s'r/b' 02]
            a> 40 02 0001
            a> 82 [0003 s'r/c' 01]
            a> 40 02 0002
            a> 82 [0004 s'r/b' 00]
            b> 31 [s'r/a' 'new']
            b> 30 [s'r/a' 'passing']
            a> 82 [0005 s'r/a' 00]
            b> 31 [s'r/a']
            b> 33 [s'r/b' 0003]
            b> 33 [s'r/c' 0004]
            a> 40 02 0003
            a> 82 [0006 s'r/#' 02]
            """),
        of("wills", B + """
            b> 82 [0001 s'w/+' 02]
            a> 10 [s'MQTT' 04 06 003c s'w-a' s'w/a' s'gone']
            a!
            a> 10 [s'MQTT' 04 0e 003c s'w-a' s'w/a' s'gone']
            a!
            b> 40 02 0001
            a> 10 [s'MQTT' 04 36 003c s'w-a' s'w/a' s'gone']
            a!
            b> 50 02 0002
            b> 70 02 0002
            a> 10 [s'MQTT' 04 06 003c s'w-a' s'w/a' s'gone']
            a> e0 00
            a> 10 [s'MQTT' 04 06 003c s'w-a' s'w/a' s'']
            a> 36 [s'x' 0001]
            c> 10 [s'MQTT' 04 02 003c s'w-c']
            c> 82 [0001 s'w/a' 01]
            c> 31 [s'w/a']
            """),
        of("a session that is kept", B + """
            a> 10 [s'MQTT' 04 00 003c s'kept']
            a> 82 [0001 s'k/#' 02]
            a> e0 00
            b> 30 [s'k/0' 'zero']
            b> 32 [s'k/1' 0001 'one']
            b> 34 [s'k/2' 0002 'two'] 62 02 0002
            a> 10 [s'MQTT' 04 00 003c s'kept']
            a!
            a> 10 [s'MQTT' 04 00 003c s'kept']
            a> 50 02 0002
            a!
            a> 10 [s'MQTT' 04 00 003c s'kept']
            a> 70 02 0002
            a> 40 02 0001
            a> e0 00
            a> 10 [s'MQTT' 04 00 003c s'kept']
            a> e0 00
            a> 10 [s'MQTT' 04 02 003c s'kept']
            a> e0 00
            a> 10 [s'MQTT' 04 00 003c s'kept']
            b> 30 [s'k/0' 'zero']
            """),
        of("exactly once from a publisher that comes back", """
            a> 10 [s'MQTT' 04 00 003c s'once']
            a> 34 [s'o' 0007 'x']
            a> 3c [s'o' 0007 'x']
            a!
            a> 10 [s'MQTT' 04 00 003c s'once']
            a> 3c [s'o' 0007 'x']
            a> 62 02 0007
            a> 62 02 0007
            a> 34 [s'o' 0007 'new']
            a> 62 02 0007
            """),
        of("what ends a connection", """
            a> 10 [s'MQTT' 04 02 003c s'e-1']
            a> 36 [s'x' 0001 'x']
            a> 10 [s'MQTT' 04 02 003c s'e-2']
            a> 30 [s'x/#' 'x']
            a> 10 [s'MQTT' 04 02 003c s'e-3']
            a> 30 [0003 61c328 'x']
            a> 10 [s'MQTT' 04 02 003c s'e-4']
            a> 30 [0003 610062 'x']
            a> 10 [s'MQTT' 04 02 003c s'e-5']
            a> 32 [s'x' 0000 'x']
            a> 10 [s'MQTT' 04 02 003c s'e-6']
            a> 82 [0000 s'x' 00]
            a> 10 [s'MQTT' 04 02 003c s'e-7']
            a> 82 [0001 s'x' 03]
            a> 10 [s'MQTT' 04 02 003c s'e-8']
            a> 82 02 0001
            a> 10 [s'MQTT' 04 02 003c s'e-9']
            a> 82 [0001 s'x/#/y' 00]
            a> 10 [s'MQTT' 04 02 003c s'e-a']
            a> 80 [0001 s'x' 00]
            a> 10 [s'MQTT' 04 02 003c s'e-b']
            a> a2 02 0001
            a> 10 [s'MQTT' 04 02 003c s'e-c']
            a> a0 [0001 s'x']
            a> 10 [s'MQTT' 04 02 003c s'e-d']
            a> 60 [0001]
            a> 10 [s'MQTT' 04 02 003c s'e-e']
            a> 00 00
            a> 10 [s'MQTT' 04 02 003c s'e-f']
            a> f0 00
            a> 10 [s'MQTT' 04 02 003c s'e-g']
            a> 20 02 00 00
            a> 10 [s'MQTT' 04 02 003c s'e-h']
            a> 30 ff ff ff ff 01
            a> 10 [s'MQTT' 04 02 003c s'e-i']
            a> 82 [0001 s'' 00]
            a> 10 [s'MQTT' 04 02 003c s'e-j']
            a> 30 [s'' 'x']
            """));

    private static Script of(String name, String text) {
        return new Script(name, String.format(text, name.replace(' ', '-')));
    }

    @Override
    public String toString() {
        return name;
    }
}
