package io.cairn.acceptance.backup;

/** Keys of every type, made by the server itself so that a million of them take seconds. */
final class SampleKeys {
    /** For EVAL; its argument is how many strings there are. Expiries are far away, so that a digest stays. */
    static final String SCRIPT = """
            local n = tonumber(ARGV[1])
            for i = 1, n do
              local v = redis.sha1hex('value ' .. i)
              if i % 3 == 0 then v = tostring(i * 7) end
              if i % 5 == 0 then v = v .. string.rep(' and again', 5) end
              redis.call('SET', 'string:' .. i, v)
              if i % 10 == 0 then redis.call('PEXPIREAT', 'string:' .. i, 4102444800000 + i) end
            end
            local big = math.max(300, n / 100)
            for i = 1, big do
              redis.call('RPUSH', 'list:big', 'item ' .. i)
              redis.call('SADD', 'set:big', 'member ' .. i)
              redis.call('SADD', 'set:numbers:big', i * 1000000007)
              redis.call('HSET', 'hash:big', 'field ' .. i, redis.sha1hex(tostring(i)))
              redis.call('ZADD', 'sorted:big', i / 7, 'member ' .. i)
              redis.call('XADD', 'stream:big', i .. '-1', 'field', 'value ' .. i)
            end
            redis.call('RPUSH', 'list:long', string.rep('x', 20000), 'short')
            for i = 1, 20 do
              redis.call('RPUSH', 'list:small', i)
              redis.call('SADD', 'set:small', i)
              redis.call('SADD', 'set:words', 'w' .. i)
              redis.call('HSET', 'hash:small', 'f' .. i, i)
              redis.call('ZADD', 'sorted:small', i, 'm' .. i)
            end
            redis.call('XGROUP', 'CREATE', 'stream:big', 'readers', '0')
            redis.call('XREADGROUP', 'GROUP', 'readers', 'one', 'COUNT', '5', 'STREAMS', 'stream:big', '>')
            redis.call('PFADD', 'guess', 'a', 'b', 'c')
            redis.call('SETBIT', 'bits', 70000, 1)
            redis.call('SET', 'text:long', string.rep('all work and no play ', 5000))
            redis.call('SELECT', 3)
            redis.call('SET', 'elsewhere', 'in another database')
            """;

    private SampleKeys() {}
}
