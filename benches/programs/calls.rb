fib = lambda { |n| n < 2 ? n : fib.call(n - 1) + fib.call(n - 2) }
fib.call(25)
