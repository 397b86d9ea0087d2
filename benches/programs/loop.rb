i = 0
sum = 0
while i < 3_000_000
  sum += 1 if i % 3 == 0
  i += 1
end
sum
